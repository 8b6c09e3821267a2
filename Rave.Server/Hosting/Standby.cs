using Rave.Server.Location;
using Rave.Server.Serving;

namespace Rave.Server.Hosting;

// What a leader serves with, which can be ready before there is anything to serve: a Kestrel that listens at a temporary name that nobody
// knows and answers 503. Starting one takes a cold process a tenth of a second, and what waits for a takeover would wait for that.
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

    // Elsewhere than on its caller, who has more to do meanwhile. Over TCP, and on Windows over the pipe's public name, only under the lock.
    internal static Task<Standby> StartAsync(DatabaseLocation location, LeaderOptions options, LoopbackAccess? loopback, CancellationToken cancellationToken) =>
        Task.Run(() => StartHereAsync(location, options, loopback, cancellationToken), cancellationToken);

    // Closes the listener, lets requests end, takes the socket's names away.
    public async ValueTask DisposeAsync()
    {
        await Served.CloseAsync();
        await _host.DisposeAsync();
        Dispose(Served, Socket);
    }

    private static async Task<Standby> StartHereAsync(DatabaseLocation location, LeaderOptions options, LoopbackAccess? loopback, CancellationToken cancellationToken)
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
