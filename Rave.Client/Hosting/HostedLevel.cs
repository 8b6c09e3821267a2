using Microsoft.Extensions.Hosting;

namespace Rave.Client.Hosting;

// The program's one handle. It is open before any other service starts, and closes when all have stopped.
internal sealed class HostedLevel(string location, RaveOptions options) : IHostedLifecycleService, IAsyncDisposable
{
    private readonly Lazy<Task<RaveLevel>> _opening = new(() => Task.Run(() => RaveLevel.OpenAsync(location, options)));

    // Services are made before the first of them starts: who is given the handle in a constructor waits for it here, for no longer than opening may take.
    internal RaveLevel Level => _opening.Value.GetAwaiter().GetResult();

    // Null before it is open, and after it could not be opened.
    internal RaveLevel? Opened => _opening is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } opening } ? opening.Result : null;

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
            // An opening that failed has told its caller, and has nothing to close.
            await _opening.Value.ContinueWith(
                static opening => opening.IsCompletedSuccessfully ? opening.Result.CloseAsync() : Task.CompletedTask,
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap().ConfigureAwait(false);
        }
    }
}
