using System.Net.Sockets;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Endpoints;

// On the socket, the host has no meaning. Every host that HTTP allows is accepted.
public abstract class HostLineTests(HttpSubject subject)
{
    public sealed class OnLevelDb(SharedLeader leader) : HostLineTests(leader), IClassFixture<SharedLeader>;

    public sealed class OnEtcd(SharedGateway gateway) : HostLineTests(gateway), IClassFixture<SharedGateway>;

    [Theory]
    [InlineData("%2Frun%2Fdb%2Frave.sock")]
    [InlineData("%2ftmp%2fx.sock")]
    [InlineData("localhost")]
    [InlineData("unix")]
    [InlineData("")]
    [InlineData("rave:80")]
    [InlineData("evil.com")]
    public async Task A_host_that_clients_of_unix_sockets_send_is_accepted(string host)
    {
        RawResponse answer = await RawHttp.SendAsync(subject.SocketPath,
            $"PUT /v1/kv/host%25 HTTP/1.1\r\nX: %\r\nhOsT: {host}\r\nContent-Length: 9\r\nConnection: close\r\n\r\nHost: %2F");
        answer.Status.ShouldBe(204);
        (await subject.GetAsync("/v1/kv/host%25")).Text.ShouldBe("Host: %2F");
    }

    // Kestrel reads what has arrived: a head in several parts, and another request after it.
    [Fact]
    public async Task A_head_that_arrives_byte_by_byte_is_served_and_the_connection_ends_with_it()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(subject.SocketPath));
        await using NetworkStream stream = new(socket);
        foreach (byte one in Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: %2Frun%2Fdb%2Frave.sock\r\nAccept: */*\r\n\r\n"))
        {
            await stream.WriteAsync(new[] { one });
        }

        RawResponse answer = await RawHttp.ReadAsync(stream);
        answer.Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_connection_with_another_host_stays_open_and_its_bodies_are_not_changed()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(subject.SocketPath));
        await using NetworkStream stream = new(socket);
        const string request = "PUT /v1/kv/kept HTTP/1.1\r\nHost: rave\r\nContent-Length: 11\r\n\r\nHost: %2F\r\n";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(request + request + "GET /v1/kv/kept HTTP/1.1\r\nHost: rave\r\nConnection: close\r\n\r\n"));
        using StreamReader all = new(stream);
        (await all.ReadToEndAsync().Soon()).ShouldEndWith("\r\n\r\nHost: %2F\r\n");
    }
}
