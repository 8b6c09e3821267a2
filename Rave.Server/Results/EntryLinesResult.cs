using Rave.Server.Protocol;
using Rave.Server.Serving;
using Rave.Server.Storage;

namespace Rave.Server.Results;

// A range as lines, one entry per line, from one moment. It is read page by page, and no iterator is held while the client reads.
internal sealed class EntryLinesResult(
    ServedDatabase served, Scan scan, TextEncoding keyEncoding, TextEncoding valueEncoding, string mediaType) : IResult
{
    // The memory for one client: large enough that seeking for each page costs little, small enough for a thousand slow clients.
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
            // Fail, so that the answer is cut off and an incomplete range never looks complete.
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
                // Begin only after the first page was read: a failure before that becomes a normal problem answer.
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
