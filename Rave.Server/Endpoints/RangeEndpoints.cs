using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Results;
using Rave.Server.Serving;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// Ranges: entries in pages or lines, bulk load, clear and count.
internal static class RangeEndpoints
{
    // Common clients refuse longer headers. The body has the token too.
    private const int LinkBytes = 8 << 10;

    private static readonly string[] Forms = [MediaTypes.Json, .. MediaTypes.Lines, MediaTypes.Entries];

    internal static void MapRange(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Entries, Read).AllowParameters([
            .. Parameter.Range, Parameter.ValueEncoding, Parameter.Reverse, Parameter.Limit, Parameter.PageSize,
            Parameter.Keys, Parameter.Values, Parameter.ETags, Parameter.Snapshot, Parameter.Continuation]);
        routes.MapPost(Routes.Entries, BulkLoad.ReadAsync).AllowParameters(Parameter.KeyEncoding, Parameter.ValueEncoding, Parameter.Sync);
        routes.MapDelete(Routes.Entries, Clear).AllowParameters([
            .. Parameter.Range, Parameter.Reverse, Parameter.Limit, Parameter.Snapshot, Parameter.All, Parameter.Sync,
            Parameter.IdempotencyKey]);
        routes.MapGet(Routes.Count, Count).AllowParameters([.. Parameter.Range, Parameter.Snapshot]);
    }

    private static async Task<Results<BufferResult, EntryLinesResult>> Read(
        RaveRequest request, HttpRequest http, ServedDatabase served, CancellationToken cancellationToken)
    {
        Query query = request.Query;
        Scan scan = ScanQuery.Read(query);
        string form = AcceptHeader.Choose(http, Forms);
        // HTTP/1.0 cannot show that a stream was cut, so it gets pages.
        bool lines = MediaTypes.Lines.Contains(form) && !HttpProtocol.IsHttp10(http.Protocol);

        // Checked for lines too, although they have no pages.
        long pageSize = query.Number(Parameter.PageSize, least: 1, otherwise: long.MaxValue);
        if (lines)
        {
            return new EntryLinesResult(served, scan, query.KeyEncoding, query.ValueEncoding, form);
        }

        int entries = (int)Math.Min(pageSize, served.Store.Limits.PageEntries);
        if (form == MediaTypes.Entries)
        {
            return scan.ETags
                ? throw new RaveException(ErrorCodes.InvalidRequest, "The binary form has no ETags. Ask for JSON, or omit 'etags'.")
                : Binary(await served.Store.ReadPageAsync(scan, entries, cancellationToken), scan);
        }

        using Page page = await served.Store.ReadPageAsync(scan, entries, cancellationToken);
        return Json(query, scan, page);
    }

    private static BufferResult Binary(Page page, Scan scan)
    {
        string? token = page.Next is null ? null : ContinuationToken.Encode(page.Next);
        return new((scan.Keys ? page : page.WithoutKeys(scan)).End(token), MediaTypes.Entries);
    }

    private static BufferResult Json(Query query, Scan scan, Page page)
    {
        string? token = page.Next is null ? null : ContinuationToken.Encode(page.Next);
        PooledBuffer text = new(page.Entries.Length);
        try
        {
            using EntriesJsonWriter json = new(text, query.KeyEncoding, query.ValueEncoding);
            while (page.TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
            {
                json.WriteEntry(key, value, scan.Keys, scan.Values, scan.ETags);
            }

            json.EndPage(token);
            return new(text, MediaTypes.Json, token is null ? null : Link(query, token));
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    private static async Task<NoContent> Clear(RaveRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        Query query = request.Query;
        Scan scan = ScanQuery.Read(query);
        bool all = query.Flag(Parameter.All, otherwise: false);
        bool sync = query.Flag(Parameter.Sync, otherwise: false);
        if (scan.Bounds.IsAll && !all)
        {
            throw new RaveException(ErrorCodes.InvalidRequest, "Give a bound or a prefix, or all=true to clear the whole database.");
        }

        await served.Store.ClearAsync(scan, sync, request.OnceWith(etag: null), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<CountAnswer>> Count(
        RaveRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        // The receiving thread must be free: it notices when the client disconnects, which ends a long count.
        await Task.Yield();
        long count = await served.Store.CountAsync(request.Query.Bounds(), request.Query.Text(Parameter.Snapshot), cancellationToken);
        return TypedResults.Json(new CountAnswer(count), RaveJson.Legible.CountAnswer, MediaTypes.Json);
    }

    private static string? Link(Query query, string token)
    {
        string link = $"<{Routes.Entries}?{query.Without(Parameter.Limit, Parameter.Continuation)}continuation={token}>; rel=\"next\"";
        return link.Length <= LinkBytes ? link : null;
    }
}
