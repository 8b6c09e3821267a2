using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Server.Storage;

namespace Rave.Server.Gateways;

// Serves a database whose engine is elsewhere, over HTTP on a unix socket. It keeps nothing: any number of them serve one database.
internal sealed class Gateway : IAsyncDisposable
{
    // How soon it notices that its socket was deleted or replaced.
    private static readonly TimeSpan GuardPeriod = TimeSpan.FromMilliseconds(500);

    private readonly DatabaseLocation _place;
    private readonly LeaderOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IServedStore? _store;
    private Standby? _standby;
    private Task _guard = Task.CompletedTask;

    private Gateway(DatabaseLocation place, LeaderOptions options) => (_place, _options) = (place, options);

    internal string SocketPath => _place.SocketPath;

    // The TCP port that it also serves on, or null.
    internal LoopbackAccess? Loopback { get; private set; }

    // Fails if the gateway cannot be reached any more. Dispose it then.
    internal Task Ended => _ended.Task;

    internal static async Task<Gateway> StartAsync(
        string location, string socketPath, EngineOptions engine, LeaderOptions options, CancellationToken cancellationToken)
    {
        Gateway gateway = new(DatabaseLocation.OfGateway(socketPath, location), options);
        try
        {
            await gateway.StartHereAsync(engine, cancellationToken);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    // Refuses further requests with 503, lets those that run end, and closes the engine.
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _guard;
        if (_standby is not null)
        {
            await _standby.DisposeAsync();
        }

        Loopback?.Dispose();
        (_store as IDisposable)?.Dispose();
        _place.Dispose();
        _stopping.Dispose();
    }

    private async Task StartHereAsync(EngineOptions engine, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new RaveException(ErrorCodes.NotSupported, "A gateway needs unix sockets. This system has none.");
        }

        LeaderSocket.ThrowIfInUse(_place);
        _store = await StorageEngines.OpenAsync(StorageEngines.SchemeOf(_place.Name)!, _place.Name, engine, cancellationToken);
        LeaderOptions options = (_options with { Limits = _store.Limits }).WithinFileLimit();
        Loopback = options.HttpPort is { } port ? LoopbackAccess.Open(_place, port) : null;
        _standby = await Standby.StartAsync(_place, options, Loopback, cancellationToken);
        _standby.Served.Open(leader: null, _store, directory: null);
        // Check again, because opening took a while.
        LeaderSocket.ThrowIfInUse(_place);
        _standby.Socket.Publish();
        _guard = GuardAsync(_standby.Socket);
    }

    // Of two gateways that replace a stale socket at the same moment, only the last one is reached.
    private async Task GuardAsync(LeaderSocket socket)
    {
        using PeriodicTimer timer = new(GuardPeriod, _options.Time);
        try
        {
            string[] notListening = await Task.Run(socket.FindNotListening);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                LeaderSocket.RemoveAbandoned(notListening);
                notListening = [];
                if (!socket.IsPublished)
                {
                    throw new RaveException(
                        ErrorCodes.IoError, $"'{SocketPath}' was deleted or replaced, so this gateway cannot be reached.");
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception cause)
        {
            _ended.TrySetException(cause);
        }
    }
}
