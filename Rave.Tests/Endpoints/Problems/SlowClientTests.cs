using System.Net.Sockets;
using System.Text;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Serving;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Endpoints;

// Clients that keep a leader waiting, against one whose patience is short.
public sealed class SlowClientTests : IAsyncLifetime
{
    private static readonly ClientTimeouts Short = new()
    {
        Headers = TimeSpan.FromSeconds(1),
        Idle = TimeSpan.FromSeconds(1),
        // Kestrel checks once per second, and does not accept shorter limits.
        BodyGrace = TimeSpan.FromSeconds(1.1),
        Answer = TimeSpan.FromSeconds(1),
    };

    private readonly TempDirectory _directory = new();
    private readonly List<Socket> _sockets = [];
    private DatabaseLocation? _location;
    private Leader? _leader;
    private HttpClient? _http;

    public async ValueTask InitializeAsync()
    {
        _location = DatabaseLocation.Resolve(_directory["db"], create: true);
        _leader = await Embedded.LeadAsync(_location, new() { ClientTimeouts = Short });
        _http = LiveLeader.Client(_location.SocketPath);
    }

    public async ValueTask DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _http!.Dispose();
        await _leader!.DisposeAsync();
        _location!.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Hundreds_of_silent_or_slow_clients_are_disconnected_and_a_normal_one_is_served_meanwhile()
    {
        const int Each = 100;
        List<Socket> dripping = [];
        for (int i = 0; i < Each; i++)
        {
            await SendAsync("");
            dripping.Add(await SendAsync("GET /v1/kv/a HTTP/1.1\r\nHost: rave\r\nX: "));
            dripping.Add(await SendAsync("PUT /v1/kv/a HTTP/1.1\r\nHost: rave\r\nContent-Length: 1000\r\n\r\na"));
        }

        // A byte now and then does not help them.
        using CancellationTokenSource over = new();
        Task drip = DripAsync(dripping, over.Token);
        Task<string>[] ends = [.. _sockets.Select(ReadToEndAsync)];
        Task all = Task.WhenAll(ends).Soon();
        int served = 0;
        await Waiting.UntilAsync("all are dropped", async () =>
        {
            using HttpResponseMessage answer =
                await _http!.PutAsync("/v1/kv/normal", new StringContent("x"), TestContext.Current.CancellationToken).Soon();
            answer.EnsureSuccessStatusCode();
            served++;
            return all.IsCompleted;
        });

        await all;
        await over.CancelAsync();
        await drip;
        served.ShouldBeGreaterThan(0);
        ends.Count(end => end.Result.StartsWith("HTTP/1.1 408", StringComparison.Ordinal))
            .ShouldBe(2 * Each, "slow headers and slow bodies get an answer, silent clients do not");
        _leader!.Store.Has("a"u8.ToArray()).ShouldBeFalse();
    }

    [Fact]
    public async Task Clients_that_never_read_are_disconnected_and_hold_up_no_snapshot_no_subscription_and_no_stop()
    {
        byte[] value = new byte[1 << 20];
        new Random(1).NextBytes(value);
        for (int i = 0; i < 8; i++)
        {
            await _leader!.Store.PutAsync(new byte[] { (byte)i }, value, sync: false);
        }

        for (int i = 0; i < 10; i++)
        {
            await SendAsync("GET /v1/entries?valueEncoding=base64&keyEncoding=hex HTTP/1.1\r\nHost: rave\r\n"
                + "Accept: application/x-ndjson\r\n\r\n");
            await SendAsync("GET /v1/entries?valueEncoding=base64&keyEncoding=hex HTTP/1.1\r\nHost: rave\r\n\r\n");
            await SendAsync("GET /v1/kv/00?keyEncoding=hex HTTP/1.1\r\nHost: rave\r\n\r\n");
            await SendAsync("GET /v1/changes?valueEncoding=base64&keyEncoding=hex HTTP/1.1\r\nHost: rave\r\n\r\n");
        }

        await Waiting.UntilAsync("the feeds are open", () => _leader!.Store.Changes.Subscribers == 10);
        await _leader!.Store.PutAsync(new byte[1], value, sync: false);
        await Waiting.UntilAsync("all are cut", () => _sockets.TrueForAll(IsCut));
        await Waiting.UntilAsync("nothing is held for them", () =>
            _leader.Store.Changes.Subscribers == 0 && _leader.Store.Snapshots.Count == 0);
        (await _http!.GetByteArrayAsync("/v1/kv/00?keyEncoding=hex", TestContext.Current.CancellationToken).Soon()).ShouldBe(value);
    }

    // Whether no byte can be sent to the connection any more. A full buffer is another case. Received bytes stay unread.
    private static bool IsCut(Socket socket)
    {
        try
        {
            socket.Blocking = false;
            socket.Send("x"u8);
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode != SocketError.WouldBlock;
        }
    }

    private static async Task DripAsync(List<Socket> sockets, CancellationToken over)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                sockets.RemoveAll(IsCut);
            }
        }
        catch (OperationCanceledException)
        {
            // All are disconnected.
        }
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        byte[] bytes = new byte[4096];
        int length = 0;
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(bytes.AsMemory(length))) > 0)
            {
                length += read;
            }
        }
        catch (SocketException)
        {
            // Reset, because it was still sending.
        }

        return Encoding.ASCII.GetString(bytes, 0, length);
    }

    private async Task<Socket> SendAsync(string text)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _sockets.Add(socket);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_location!.SocketPath)).Soon();
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }
}
