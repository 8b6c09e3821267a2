using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

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
            throw Failures.NotOpen();
        }
    }

    private async Task SendAsync(HttpContext context, Store store, CancellationToken cancellationToken)
    {
        store.Counts.CountScan();
        using SnapshotUse moment = store.Snapshots.UseOrTake(scan.Snapshot);
        using PooledBuffer page = new(PageBytes);
        using EntryLinesWriter lines = new(page, keyEncoding, valueEncoding);
        Scan? next = scan;
        while (next is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            page.Clear();
            next = store.ReadPage(next, moment, store.Limits.PageEntries, PageBytes, (key, value) => lines.WriteEntry(key, value, scan.Keys, scan.Values, scan.ETags));
            if (!context.Response.HasStarted)
            {
                // Only now that the first page is there: until then a failure is a problem like any other.
                context.Response.BeginStream(mediaType);
            }

            await AnswerBody.SendAsync(context, page.Written, cancellationToken);
        }
    }
}
