using Rave.Server.Storage;

namespace Rave.Client.Ranges;

// A page that is read while the reader still uses the previous one. Cancelled calls of the reader do not cancel it, only the disposal does.
internal sealed class PageAhead : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task<Page> _page;

    internal PageAhead(Func<CancellationToken, ValueTask<Page>> read)
    {
        _page = read(_end.Token).AsTask();
        // The reader may never await it. Then its exception must not count as unobserved.
        _page.ContinueWith(
            static page => _ = page.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    // After a cancelled call, it can be called again. The caller that gets the page owns it.
    internal Task<Page> WaitAsync(CancellationToken cancellationToken) => _page.WaitAsync(cancellationToken);

    // Ends the read, or returns the page that no caller got.
    public void Dispose()
    {
        _end.Cancel();
        _page.ContinueWith(
            static page => page.Result.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void After(TaskContinuationOptions outcome, Action<Task<Page>> action) => _page.ContinueWith(
        action, CancellationToken.None, outcome | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
