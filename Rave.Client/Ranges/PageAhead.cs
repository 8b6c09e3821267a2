using Rave.Server.Storage;

namespace Rave.Client.Ranges;

// A page that is fetched while its reader has another one before it: as long as it takes, whatever the reader's calls give up, until it is disposed.
internal sealed class PageAhead : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task<Page> _page;

    internal PageAhead(Func<CancellationToken, ValueTask<Page>> read)
    {
        _page = read(_end.Token).AsTask();
        // A reader may never come for it, and its failure is then nobody's.
        _page.ContinueWith(
            static page => _ = page.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    // Whose waiting is cancelled may come again. Whoever gets the page owns it.
    internal Task<Page> WaitAsync(CancellationToken cancellationToken) => _page.WaitAsync(cancellationToken);

    // Of a page that nobody got.
    public void Dispose()
    {
        _end.Cancel();
        _page.ContinueWith(
            static page => page.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
