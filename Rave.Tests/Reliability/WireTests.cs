using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rave.Client;
using Rave.Client.Failover;
using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// Faults between a client and its leader's socket.
public sealed class WireTests
{
    [Fact]
    public async Task The_transport_never_sends_a_request_again_by_itself()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(location.SocketEndPoint);
        listener.Listen();
        int seen = 0;
        IRaveApi api = RaveApiFactory.Create(LocalSocket.CreateHandler(location, connections: 1, TimeProvider.System));
        ByteArrayContent body() => new([1]);
        CancellationToken token = TestContext.Current.CancellationToken;
        Func<Task<HttpResponseMessage>>[] requests =
        [
            () => api.BatchAsync(null, body(), null, null, token),
            () => api.ClearAsync(null, body(), null, null, null, null, null, null, null, null, "true", null, "utf8", null, token),
            () => api.OpenSnapshotAsync(null, body(), "60", token),
            () => api.EndSnapshotAsync(null, "id", body(), token),
            () => api.EndSessionAsync(null, "0123456789abcdef", body(), token),
            () => api.CompactAsync(null, body(), null, null, "utf8", token),
            () => api.StepDownAsync(null, body(), token),
            () => api.GetManyAsync(null, body(), null, token),
        ];
        // Answers the first request of a connection, reads the second and closes without a byte: HttpClient would send one without a body
        // again.
        Task serving = ServeAsync(listener, requests.Length, () => seen++);
        foreach (Func<Task<HttpResponseMessage>> send in requests)
        {
            (await send().Soon()).EnsureSuccessStatusCode();
            await Should.ThrowAsync<HttpRequestException>(send().Soon());
        }

        await serving.Soon();
        seen.ShouldBe(2 * requests.Length);
    }

    [Fact]
    public async Task A_full_backlog_means_a_busy_leader_and_not_a_dead_one()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(location.SocketEndPoint);
        listener.Listen(1);
        List<Socket> pending = [];
        try
        {
            SocketError error = SocketError.Success;
            while (error == SocketError.Success)
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
                pending.Add(socket);
                try
                {
                    socket.Connect(location.SocketEndPoint);
                }
                catch (SocketException full)
                {
                    error = full.SocketErrorCode;
                }
            }

            error.ShouldBe(SocketError.WouldBlock);
            (await LocalSocket.IsListeningAsync(location, TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBeTrue();
        }
        finally
        {
            pending.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n")]
    public async Task A_connection_with_another_protocol_ends_at_once(string bytes)
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(location.SocketPath)).Soon();
        await socket.SendAsync(Encoding.Latin1.GetBytes(bytes));
        byte[] answer = new byte[4096];
        while (await socket.ReceiveAsync(answer).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken) > 0)
        {
        }

        using HttpClient http = LiveLeader.Client(location.SocketPath);
        (await http.GetStringAsync("/healthz", TestContext.Current.CancellationToken)).ShouldBe("ok");
    }

    [Fact]
    public async Task A_flood_of_connections_leaves_file_descriptors_and_served_connections_continue()
    {
        using TempDirectory directory = new();
        await using ChildProcess server =
            ChildProcess.Start("sh", "-c", "ulimit -n 512; exec \"$0\" \"$1\"", ChildProcess.ServerPath, directory["db"]);
        await server.ExpectAsync($"leader {directory["db/rave.sock"]}");
        using HttpClient http = LiveLeader.Client(directory["db/rave.sock"]);
        (await http.GetStringAsync("/v1/status", TestContext.Current.CancellationToken)).ShouldContain("\"connections\":128");
        List<Socket> flood = [];
        for (int i = 0; i < 400; i++)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            flood.Add(socket);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(directory["db/rave.sock"])).Soon();
        }

        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan before = server.ProcessorTime;
        for (int i = 0; i < 50; i++)
        {
            // Large enough for separate files.
            using HttpResponseMessage put =
                await http.PutAsync($"/v1/kv/{i}", new ByteArrayContent(new byte[500_000]), TestContext.Current.CancellationToken).Soon();
            put.StatusCode.ShouldBe(HttpStatusCode.NoContent, await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        TestContext.Current.SendDiagnosticMessage("50 writes during the flood: {0} of processor time in {1}", server.ProcessorTime - before,
            watch.Elapsed);
        flood.ForEach(socket => socket.Dispose());
        await Waiting.UntilAsync("new connections are served again", () => AnswersAsync(directory["db/rave.sock"]));
        await server.KillAsync();
        await using RaveLevel next = await RaveLevel.OpenAsync(directory["db"]);
        (await next.CountAsync()).ShouldBe(50);
    }

    [Fact]
    public async Task Operations_that_are_cancelled_at_any_moment_leak_nothing()
    {
        // With RAVE_CHAOS=1, ten thousand, which takes a minute more.
        int operations = Machine.RunsLong ? 10_000 : 500;
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Leader leader = await Embedded.LeadAsync(location);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
        Random random = new(1);
        Dictionary<int, bool> acknowledged = [];
        for (int i = 0; i < operations; i++)
        {
            using CancellationTokenSource cancellation = new();
            Task operation = (i % 3) switch
            {
                0 => follower.PutAsync($"{i:00000}", "x", cancellationToken: cancellation.Token).AsTask(),
                1 => follower.GetAsync("00000", cancellationToken: cancellation.Token).AsTask(),
                _ => follower.CountAsync(cancellationToken: cancellation.Token).AsTask(),
            };
            SpinWait.SpinUntil(() => operation.IsCompleted, TimeSpan.FromMicroseconds(random.Next(2000)));
            await cancellation.CancelAsync();
            try
            {
                await operation.Soon();
                acknowledged[i] = i % 3 == 0;
            }
            catch (OperationCanceledException)
            {
                // As requested.
            }
        }

        await follower.PutAsync("last", "x").AsTask().Soon();
        foreach ((int i, _) in acknowledged.Where(each => each.Value))
        {
            (await follower.GetAsync($"{i:00000}")).ShouldBe("x");
        }

        leader.Store.Snapshots.Count.ShouldBe(0);
        leader.Store.Figures().WaitingWrites.ShouldBe(0);
        leader.Store.SessionCount.ShouldBe(1);
    }

    private static async Task<bool> AnswersAsync(string socketPath)
    {
        try
        {
            return (await RawHttp.SendAsync(socketPath, "GET", "/healthz")).Status == 200;
        }
        catch (Exception cause) when (cause is SocketException or IOException or ShouldAssertException)
        {
            // Closed without an answer, because there is no free slot yet.
            return false;
        }
    }

    private static async Task ServeAsync(Socket listener, int connections, Action seen)
    {
        byte[] bytes = new byte[4096];
        for (int connection = 0; connection < connections; connection++)
        {
            using Socket socket = await listener.AcceptAsync().Soon();
            for (int request = 0; request < 2; request++)
            {
                StringBuilder text = new();
                while (!text.ToString().EndsWith("\r\n\r\n\u0001", StringComparison.Ordinal))
                {
                    int read = await socket.ReceiveAsync(bytes).Soon();
                    read.ShouldBePositive("a connection of the client ends before its second request");
                    text.Append(Encoding.Latin1.GetString(bytes, 0, read));
                }

                seen();
                if (request == 0)
                {
                    await socket.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
                }
            }
        }
    }
}
