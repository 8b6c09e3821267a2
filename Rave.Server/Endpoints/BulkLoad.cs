using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Results;
using Rave.Server.Serving;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// Loads a stream of entries, one per line. Each batch is atomic, the whole load is not, so the answer says how many were written.
internal sealed class BulkLoad(ServedDatabase served, LineReader lines, EntryLineReader entries, bool sync)
{
    private readonly IServedStore _store = served.Store;
    private long _written;

    // The line that was read last did not fit in its batch. The next batch begins with it.
    private bool _lineIsLeft;

    internal static async Task<Results<JsonHttpResult<LoadAnswer>, ProblemResult>> ReadAsync(
        RaveRequest request, HttpContext http, ServedDatabase served, CancellationToken cancellationToken)
    {
        Query query = request.Query;
        bool sync = query.Flag(Parameter.Sync, otherwise: false);
        RequestBody.RequireType(http.Request, MediaTypes.Lines, "with curl, add --header 'Content-Type: application/x-ndjson'");
        // The whole body has no limit of size or time. Each line has a limit.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        http.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, served.Stopping);
        using LineReader lines = new(http.Request.Body, served.Store.Limits.BodyBytes);
        using EntryLineReader entries = new(query.KeyEncoding, query.ValueEncoding);
        return await new BulkLoad(served, lines, entries, sync).RunAsync(end.Token);
    }

    private async Task<Results<JsonHttpResult<LoadAnswer>, ProblemResult>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            bool more = true;
            while (more)
            {
                using OperationBatch batch = new(_store.Limits);
                RaveException? badLine = null;
                try
                {
                    more = await FillAsync(batch, cancellationToken);
                }
                catch (RaveException failure)
                {
                    badLine = failure;
                }

                // The entries before a bad line are written too, so that a client can correct the line and continue there.
                await _store.WriteAsync(batch.Operations, sync, once: null, cancellationToken);
                _written += batch.Count;
                if (badLine is not null)
                {
                    return Refuse(badLine, lines.Number);
                }
            }

            return TypedResults.Json(new LoadAnswer(_written), RaveJson.Legible.LoadAnswer, MediaTypes.Json);
        }
        catch (RaveException failure)
        {
            // The write failed, so no line is at fault.
            return Refuse(failure, line: null);
        }
        catch (OperationCanceledException) when (served.Stopping.IsCancellationRequested)
        {
            return Refuse(StoreFailures.NotOpen(), line: null);
        }
    }

    // Whether there may be more.
    private async ValueTask<bool> FillAsync(OperationBatch batch, CancellationToken cancellationToken)
    {
        while (_lineIsLeft || await lines.ReadAsync(cancellationToken))
        {
            entries.Read(lines.Line.Span, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
            _lineIsLeft = !batch.HasRoomFor(key.Length + value.Length);
            if (_lineIsLeft)
            {
                return true;
            }

            batch.Put(key, value);
            if (batch.IsFull)
            {
                return true;
            }
        }

        return false;
    }

    private ProblemResult Refuse(RaveException failure, long? line)
    {
        served.CountError();
        return Problems.FromLoad(failure, _written, line);
    }
}
