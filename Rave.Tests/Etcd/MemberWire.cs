using System.Net;
using System.Net.Sockets;

namespace Rave.Tests.Etcd;

// A port in front of a member, which passes all bytes on. A test holds them up after so many, and changes some.
internal sealed class MemberWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _accepting;

    internal MemberWire(EtcdMember member)
    {
        _listener.Start();
        _accepting = AcceptAsync(member.Port);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal ByteGate ToMember { get; init; } = new();

    internal ByteGate FromMember { get; init; } = new();

    // Sees all bytes on their way to the member.
    internal Action<Memory<byte>> Change { get; init; } = _ => { };

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync(int memberPort)
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ending.Token), memberPort));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client, int memberPort)
    {
        using TcpClient accepted = client;
        using TcpClient member = new();
        try
        {
            await member.ConnectAsync(IPAddress.Loopback, memberPort, _ending.Token);
            await Task.WhenAny(
                PumpAsync(client.GetStream(), member.GetStream(), ToMember, Change),
                PumpAsync(member.GetStream(), client.GetStream(), FromMember, _ => { }));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One of the two has gone, or the test is over.
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, ByteGate gate, Action<Memory<byte>> change)
    {
        try
        {
            byte[] buffer = new byte[64 << 10];
            int count;
            while ((count = await from.ReadAsync(buffer, _ending.Token)) > 0)
            {
                await gate.PassAsync(count, _ending.Token);
                change(buffer.AsMemory(0, count));
                await to.WriteAsync(buffer.AsMemory(0, count), _ending.Token);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // As above. The other direction ends with this one.
        }
    }
}
