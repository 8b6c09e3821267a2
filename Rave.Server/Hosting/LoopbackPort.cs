using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rave.Server.Hosting;

// A TCP port of the loopback interface, for browsers and tools that cannot use a socket in the file system: 127.0.0.1, and ::1 where
// there is one, for `localhost` may mean either and must not lead to somebody else.
internal sealed class LoopbackPort : IDisposable
{
    // Ports to try when any will do and somebody has the one that we got on ::1.
    private const int Attempts = 10;

    private readonly Dictionary<IPAddress, Socket> _sockets = [];

    private LoopbackPort(int port) => Number = port;

    internal int Number { get; private set; }

    internal string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Number}");

    internal IEnumerable<IPEndPoint> EndPoints => _sockets.Keys.Select(address => new IPEndPoint(address, Number));

    // 0 takes any free port. It is ours when this returns.
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
                    throw Refusal(port, cause);
                }
            }
        }
    }

    // For Kestrel to accept from.
    internal Socket SocketAt(IPEndPoint endPoint) => _sockets[endPoint.Address];

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
            // Bound alone, another could bind it too.
            socket.Listen();
            Number = ((IPEndPoint)socket.LocalEndPoint!).Port;
            _sockets.Add(address, socket);
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            // A machine can know IPv6 and have no ::1.
            if (address.AddressFamily == AddressFamily.InterNetwork || cause.SocketErrorCode != SocketError.AddressNotAvailable)
            {
                throw;
            }
        }
    }

    private static RaveException Refusal(int port, SocketException cause) => new(
        ErrorCodes.IoError,
        cause.SocketErrorCode == SocketError.AddressAlreadyInUse
            ? $"Port {port} is taken; choose another one, or 0 for any that is free."
            : $"Port {port} cannot be listened on: {cause.Message}",
        cause);
}
