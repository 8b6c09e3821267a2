using System.Net.Sockets;
using System.Text;
using Rave.Client;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Endpoints;

// Excess requests are rejected at once with 503 and Retry-After, and are not executed.
public sealed class OverloadTests
{
    [Fact]
    public async Task The_memory_of_all_bodies_is_limited_and_excess_bodies_are_refused_until_others_end()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location, new() { Limits = new() { HeldBytes = 1 << 20 } });
        using HttpClient http = LiveLeader.Client(location.SocketPath);
        byte[] most = new byte[900 << 10];
        byte[] more = new byte[500 << 10];
        Socket slow = await SendAllButOneAsync(location, most);
        Answer? refused = null;

        // The leader reads it in its own time: until it has, there is room. Then it may also be the slow one that finds none, and begins
        // again.
        await Waiting.UntilAsync("there is no room for more", async () =>
        {
            if (IsAnswered(slow))
            {
                slow.Dispose();
                slow = await SendAllButOneAsync(location, most);
            }

            refused = await PutAsync(http, more);
            return refused.Status != 204 && !IsAnswered(slow);
        });

        refused!.ShouldBeProblem(503, "LEVEL_OVERLOADED");
        refused.Headers["Retry-After"].ShouldBe(["1"]);
        (await PutAsync(http, new byte[1000])).Status.ShouldBe(204, "there is space for a small body");

        await slow.SendAsync(most.AsMemory(0, 1));
        (await ReadToEndAsync(slow)).ShouldStartWith("HTTP/1.1 204");
        slow.Dispose();
        (await PutAsync(http, more)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_single_body_is_accepted_even_above_the_limit_for_all_bodies()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location, new() { Limits = new() { HeldBytes = 1000 } });
        using HttpClient http = LiveLeader.Client(location.SocketPath);
        // In one piece, as it is small enough for one.
        (await PutAsync(http, new byte[2000])).Status.ShouldBe(204);
        (await http.GetByteArrayAsync("/v1/kv/other", TestContext.Current.CancellationToken)).Length.ShouldBe(2000);
    }

    [Fact]
    public async Task Waiting_writes_are_limited_and_excess_writes_are_refused_and_not_executed()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location, new() { Limits = new() { WaitingWrites = 2 } });
        Task[] writes = [.. Enumerable.Range(0, 2000)
            .Select(i => leader.Store.PutAsync(BitConverter.GetBytes(i), new byte[1], sync: true).AsTask())];
        await Task.WhenAll(writes)
            .ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default).Soon();

        writes.Count(write => write.IsFaulted).ShouldBeGreaterThan(0);
        for (int i = 0; i < writes.Length; i++)
        {
            leader.Store.Has(BitConverter.GetBytes(i)).ShouldBe(writes[i].IsCompletedSuccessfully, $"write {i}");
            if (writes[i].IsFaulted)
            {
                writes[i].Exception!.InnerException.ShouldBeOfType<RaveException>().Code.ShouldBe(ErrorCodes.Overloaded);
            }
        }
    }

    [Fact]
    public async Task An_excess_connection_is_refused_in_http_and_a_handle_without_one_waits_for_it()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location, new() { Limits = new() { Connections = 3 } });
        // The handle uses one connection for its watch, and would keep another for its first request. So the test takes all others, and
        // that one too when it is free.
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
        List<Socket> held = [await ConnectAsync(location), await ConnectAsync(location)];
        foreach (Socket socket in held)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes("GET /v1/changes HTTP/1.1\r\nHost: rave\r\n\r\n"));
            (await socket.ReceiveAsync(new byte[1000]).Soon()).ShouldBeGreaterThan(0);
        }

        RawResponse refused = await RawHttp.SendAsync(location.SocketPath, "GET", "/v1/status");
        refused.Status.ShouldBe(503);
        refused.Head.ShouldContain("Retry-After: 1");
        refused.Body.ShouldContain("LEVEL_OVERLOADED");

        Task put = follower.PutAsync("a", "1").AsTask();
        RawResponse still = await RawHttp.SendAsync(location.SocketPath, "GET", "/v1/status");
        still.Status.ShouldBe(503);
        put.IsCompleted.ShouldBeFalse("no leader was lost: it is sent again until it is taken");
        held.ForEach(socket => socket.Dispose());
        await put.Soon();
        leader.Store.Get("a"u8.ToArray()).ShouldBe("1"u8.ToArray());
    }

    private static async Task<Socket> SendAllButOneAsync(DatabaseLocation location, byte[] body)
    {
        Socket socket = await ConnectAsync(location);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
            $"PUT /v1/kv/slow HTTP/1.1\r\nHost: rave\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n")).Soon();
        try
        {
            await socket.SendAsync(body.AsMemory(1)).AsTask().Soon();
        }
        catch (SocketException)
        {
            // Refused before it was sent to its end.
        }

        return socket;
    }

    // Or closed.
    private static bool IsAnswered(Socket socket) => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    private static async Task<Answer> PutAsync(HttpClient http, byte[] value)
    {
        using HttpResponseMessage response =
            await http.PutAsync("/v1/kv/other", new ByteArrayContent(value), TestContext.Current.CancellationToken).Soon();
        return await Answer.ReadAsync(response);
    }

    private static async Task<Socket> ConnectAsync(DatabaseLocation location)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(location.SocketPath)).Soon();
        return socket;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        using StreamReader reader = new(new NetworkStream(socket), Encoding.ASCII);
        return await reader.ReadToEndAsync().Soon();
    }
}
