using Rave.Server.Protocol;
using Rave.Server.Serving;
using Rave.Server.Storage;

namespace Rave.Server.Results;

// A whole range, an entry a line, as it was at one moment: a page at a time, with no iterator held while the client reads.
internal sealed class EntryLinesResult(ServedDatabase served, Scan scan, TextEncoding keyEncoding, TextEncoding valueEncoding, string mediaType) : IResult
{
    // What stands in memory for one client: enough that finding the place again costs little, and a thousand slow clients do not matter.
    private const int PageBytes = 256 << 10;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, served.Stopping);
        try
        {
            await SendAsync(httpContext, served.Store, end.Token);
        }
        catch (OperationCanceledException) when (served.Stopping.IsCancellationRequested)
        {
            // A failure, so that what was sent of the range is cut off and never looks like all of it.
            throw StoreFailures.NotOpen();
        }
    }

    private async Task SendAsync(HttpContext context, IServedStore store, CancellationToken cancellationToken)
    {
        using PooledBuffer text = new(PageBytes);
        using EntryLinesWriter lines = new(text, keyEncoding, valueEncoding);
        await foreach (Page page in store.ReadPagesAsync(scan, PageBytes, cancellationToken))
        {
            text.Clear();
            Write(page, lines);
            if (!context.Response.HasStarted)
            {
                // Only now that the first page is there: until then a failure is a problem like any other.
                context.Response.BeginStream(mediaType);
            }

            await AnswerBody.SendAsync(context, text.Written, cancellationToken);
        }
    }

    private void Write(Page page, EntryLinesWriter lines)
    {
        using (page)
        {
            while (page.TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
            {
                lines.WriteEntry(key, value, scan.Keys, scan.Values, scan.ETags);
            }
        }
    }
}
