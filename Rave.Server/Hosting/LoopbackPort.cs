using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rave.Server.Hosting;

// A TCP port of the loopback interface, for browsers and for tools that cannot use unix sockets. It is opened on 127.0.0.1 and, if
// the machine has it, on ::1: `localhost` can mean either, and must not reach another program.
internal sealed class LoopbackPort : IDisposable
{
    // For port 0: the port that is free on 127.0.0.1 can be in use on ::1.
    private const int Attempts = 10;

    private readonly Dictionary<IPAddress, Socket> _sockets = [];

    private LoopbackPort(int port) => Number = port;

    internal int Number { get; private set; }

    internal string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Number}");

    internal IEnumerable<IPEndPoint> EndPoints => _sockets.Keys.Select(address => new IPEndPoint(address, Number));

    // 0 opens any free port. It is bound when this returns.
    internal static LoopbackPort Open(int port)
    {
        for (int attempt = 1; ; attempt++)
        {
            LoopbackPort opened = new(port);
            try
            {
                opened.Listen(IPAddress.Loopback);
                if (Socket.OSSupportsIPv6)
                {
                    opened.Listen(IPAddress.IPv6Loopback);
                }

                return opened;
            }
            catch (SocketException cause)
            {
                opened.Dispose();
                if (port != 0 || cause.SocketErrorCode != SocketError.AddressAlreadyInUse || attempt == Attempts)
                {
                    throw CannotListen(port, cause);
                }
            }
        }
    }

    // For Kestrel to accept from.
    internal Socket SocketOf(IPEndPoint endPoint) => _sockets[endPoint.Address];

    public void Dispose()
    {
        foreach (Socket socket in _sockets.Values)
        {
            socket.Dispose();
        }
    }

    private void Listen(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, Number));
            // Before a socket listens, another one could bind the same port.
            socket.Listen();
            Number = ((IPEndPoint)socket.LocalEndPoint!).Port;
            _sockets.Add(address, socket);
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            // A machine can support IPv6 and have no ::1.
            if (address.AddressFamily == AddressFamily.InterNetwork || cause.SocketErrorCode != SocketError.AddressNotAvailable)
            {
                throw;
            }
        }
    }

    private static RaveException CannotListen(int port, SocketException cause) => new(
        ErrorCodes.IoError,
        cause.SocketErrorCode == SocketError.AddressAlreadyInUse
            ? $"Port {port} is taken. Choose another one, or 0 for any free port."
            : $"Cannot listen on port {port}: {cause.Message}",
        cause);
}
