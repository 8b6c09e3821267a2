using System.Net.Sockets;
using System.Text;
using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Leadership;

public sealed class StandbyTests
{
    [Fact]
    public async Task A_server_that_has_followed_for_two_seconds_prepares_a_standby_and_takes_over_with_it()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        Campaign first = await StartAsync(location);
        string led = Sockets(location).Single();
        await using Campaign second = await StartAsync(location);
        TaskCompletionSource<Reign> takenOver = new();
        second.Began += takenOver.SetResult;
        second.Current!.IsOwn.ShouldBeFalse();

        await Waiting.UntilAsync("a standby has its socket", () => Sockets(location).Length == 2);
        string standby = Sockets(location).Single(path => path != led);
        await Waiting.UntilAsync("it listens", () => Listens(standby));
        (await RawHttp.SendAsync(standby, "PUT", "/v1/kv/early")).Status.ShouldBe(503, "it has no database yet");
        await first.DisposeAsync();

        Reign next = await takenOver.Task.Soon();
        Sockets(location).ShouldBe([standby], "the prepared socket serves");
        (await RawHttp.SendAsync(location.SocketPath, "GET", "/healthz")).Status.ShouldBe(200);
        next.Own!.Store.Get(Encoding.UTF8.GetBytes("early")).ShouldBeNull();
    }

    [Fact]
    public async Task A_standby_whose_socket_was_deleted_takes_over_with_another()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        Campaign first = await StartAsync(location);
        string led = Sockets(location).Single();
        await using Campaign second = await StartAsync(location);
        TaskCompletionSource takenOver = new();
        second.Began += _ => takenOver.TrySetResult();
        second.Failed += failure => takenOver.TrySetException(failure);
        await Waiting.UntilAsync("a standby has its socket", () => Sockets(location).Length == 2);
        string standby = Sockets(location).Single(path => path != led);
        await Waiting.UntilAsync("it listens", () => Listens(standby));

        File.Delete(standby);
        await first.DisposeAsync();

        await takenOver.Task.Soon();
        (await RawHttp.SendAsync(location.SocketPath, "GET", "/healthz")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_standby_that_never_led_leaves_nothing_behind()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Campaign leader = await StartAsync(location);
        Campaign follower = await StartAsync(location);
        await Waiting.UntilAsync("a standby has its socket", () => Sockets(location).Length == 2);

        await follower.DisposeAsync();

        Sockets(location).Length.ShouldBe(1);
        (await RawHttp.SendAsync(location.SocketPath, "GET", "/healthz")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_handle_that_only_follows_prepares_nothing()
    {
        using TempDirectory directory = new();
        using DatabaseLocation location = DatabaseLocation.Resolve(directory["db"], create: true);
        await using Campaign leader = await StartAsync(location);
        await using Campaign only = await StartAsync(location, new() { CanLead = false });
        Campaign any = await StartAsync(location);

        await Waiting.UntilAsync("the other one, which came later, has its socket", () => Sockets(location).Length == 2);

        await any.DisposeAsync();
        only.Current!.IsOwn.ShouldBeFalse();
        Sockets(location).Length.ShouldBe(1, "only the socket of the leader is left");
    }

    private static async Task<Campaign> StartAsync(DatabaseLocation location, LeaderOptions? options = null)
    {
        Campaign campaign = new(location, options ?? new(), Embedded.OpenOrCreate);
        campaign.Start();
        await campaign.ReignAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        return campaign;
    }

    private static bool Listens(string path)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException refusal) when (refusal.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // Bound, and about to listen.
            return false;
        }
    }

    // The temporary names, which are those that are listened on.
    private static string[] Sockets(DatabaseLocation location) => Directory.GetFiles(location.Directory, "rave.sock.*.tmp");
}
