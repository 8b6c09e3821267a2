using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Rave.Server.Hosting;

// Accepts a connection only when the gate has a slot for it. Until then, it waits in the backlog of the operating system.
// Kestrel alone accepts every connection, and each uses a file descriptor. In a flood, none would be left for LevelDB's log,
// and all writes would fail.
internal sealed class GatedTransport(ConnectionGate gate, IOptions<SocketTransportOptions> options, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await _sockets.BindAsync(endpoint, cancellationToken), gate);

    private sealed class Listener(IConnectionListener sockets, ConnectionGate gate) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            // Cancelled after an unbind. Then AcceptAsync below reports the end.
            await gate.WaitForSlotAsync(_unbound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await sockets.AcceptAsync(cancellationToken);
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await sockets.UnbindAsync(cancellationToken);
            await _unbound.CancelAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await sockets.DisposeAsync();
            await _unbound.CancelAsync();
            _unbound.Dispose();
        }
    }
}
