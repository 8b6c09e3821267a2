using Microsoft.Extensions.Hosting;

namespace Rave.Client.Hosting;

// A handle of the host. It is open before other services start, and closes after all of them have stopped.
internal sealed class HostedLevel<TLevel>(Func<Task<TLevel>> open) : IHostedLifecycleService, IAsyncDisposable
    where TLevel : class, IAsyncDisposable
{
    private readonly Lazy<Task<TLevel>> _opening = new(() => Task.Run(open));

    // Services are created before the first of them starts. A constructor that gets the handle waits here, for OpenTimeout at most.
    internal TLevel Level => _opening.Value.GetAwaiter().GetResult();

    // Null before it is open, and if it could not be opened.
    internal TLevel? Opened =>
        _opening is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } opening } ? opening.Result : null;

    public Task StartingAsync(CancellationToken cancellationToken) => _opening.Value.WaitAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => CloseAsync();

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private async Task CloseAsync()
    {
        if (_opening.IsValueCreated)
        {
            // A failed opening has been reported already, and there is nothing to close.
            await _opening.Value.ContinueWith(
                static opening => opening.IsCompletedSuccessfully ? opening.Result.DisposeAsync().AsTask() : Task.CompletedTask,
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap().ConfigureAwait(false);
        }
    }
}
