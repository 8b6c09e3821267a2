using System.Net;
using System.Net.Sockets;

namespace Rave.Tests.Etcd;

// A port on which connecting never completes: its backlog is full, and the kernel drops new connections.
internal sealed class DeafPort : IDisposable
{
    private readonly List<Socket> _sockets = [];

    internal DeafPort(int port)
    {
        IPEndPoint place = new(IPAddress.Loopback, port);
        Socket listener = Add();
        listener.Bind(place);
        listener.Listen(0);
        while (TryConnect(place))
        {
        }
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private bool TryConnect(IPEndPoint place)
    {
        Socket socket = Add();
        socket.Blocking = false;
        try
        {
            socket.Connect(place);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
        }

        // On loopback, a connection that is possible is made by the call itself.
        return socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectWrite);
    }

    private Socket Add()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return socket;
    }
}
