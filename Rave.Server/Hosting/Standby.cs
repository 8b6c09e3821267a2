using Rave.Server.Location;
using Rave.Server.Serving;

namespace Rave.Server.Hosting;

// The server of a future leader. It starts before the process leads, listens at a temporary name and answers 503. Starting it takes
// a cold process a tenth of a second, and operations that wait for a takeover would wait for that too.
internal sealed class Standby : IAsyncDisposable
{
    private readonly LeaderHost _host;

    private Standby(ServedDatabase served, LeaderSocket socket, LeaderHost host)
    {
        Served = served;
        Socket = socket;
        _host = host;
    }

    internal ServedDatabase Served { get; }

    internal LeaderSocket Socket { get; }

    // On another thread, because the caller has other work meanwhile. With a TCP port, and on Windows (where the pipe has its public
    // name at once), only under the lock.
    internal static Task<Standby> StartAsync(
        DatabaseLocation location, LeaderOptions options, LoopbackAccess? loopback, CancellationToken cancellationToken) =>
        Task.Run(() => StartHereAsync(location, options, loopback, cancellationToken), cancellationToken);

    // Closes the listener, lets requests end, and deletes the names of the socket.
    public async ValueTask DisposeAsync()
    {
        await Served.CloseAsync();
        await _host.DisposeAsync();
        Dispose(Served, Socket);
    }

    private static async Task<Standby> StartHereAsync(
        DatabaseLocation location, LeaderOptions options, LoopbackAccess? loopback, CancellationToken cancellationToken)
    {
        LeaderSocket socket = new(location, options.Group);
        ServedDatabase served = new(location.Name, options.Logger, options.Time, options.Limits, options.ClientTimeouts);
        try
        {
            return new(served, socket, await LeaderHost.StartAsync(location, socket, loopback, served, options, cancellationToken));
        }
        catch
        {
            Dispose(served, socket);
            throw;
        }
    }

    private static void Dispose(ServedDatabase served, LeaderSocket socket)
    {
        if (!OperatingSystem.IsWindows())
        {
            socket.Dispose();
        }

        served.Dispose();
    }
}
