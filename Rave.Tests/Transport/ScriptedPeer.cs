using System.Net.Sockets;
using System.Text;
using Rave.Server.Transport;
using Rave.Tests.Harness;

namespace Rave.Tests.Transport;

// A peer that sends the text of its test and counts its connections, and the handler that sends requests to it.
internal sealed class ScriptedPeer : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _address;

    internal ScriptedPeer(int connections = 8, TimeProvider? time = null)
    {
        _address = new(_directory["s"]);
        _listener.Bind(_address);
        _listener.Listen();
        Http = new(new SocketHandler(new(ConnectAsync, connections, time ?? TimeProvider.System)));
    }

    internal HttpMessageInvoker Http { get; }

    internal int Connections { get; private set; }

    internal async Task<Stream> AcceptAsync() => new NetworkStream(await _listener.AcceptAsync().Soon(), ownsSocket: true);

    internal Task<HttpResponseMessage> GetAsync(CancellationToken cancellationToken = default) =>
        Http.SendAsync(new(HttpMethod.Get, "http://rave/v1/status?a=b"), cancellationToken);

    internal Task<HttpResponseMessage> PostAsync(int bytes) =>
        Http.SendAsync(new(HttpMethod.Post, "http://rave/v1/batch") { Content = new ByteArrayContent(new byte[bytes]) },
            CancellationToken.None);

    // A request without a body, whole.
    internal static async Task<string> HearAsync(Stream connection)
    {
        StringBuilder recorded = new();
        byte[] one = new byte[1];
        while (!recorded.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await connection.ReadExactlyAsync(one).AsTask().Soon();
            recorded.Append((char)one[0]);
        }

        return recorded.ToString();
    }

    internal static Task SayAsync(Stream connection, string text) => connection.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    // Splits the answer at every place where a read may end.
    internal static async Task SayByteByByteAsync(Stream connection, string text)
    {
        foreach (byte one in Encoding.Latin1.GetBytes(text))
        {
            await connection.WriteAsync(new[] { one });
            await Task.Yield();
        }
    }

    internal void StopListening() => _listener.Dispose();

    public void Dispose()
    {
        Http.Dispose();
        _listener.Dispose();
        _directory.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        Connections++;
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(_address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
