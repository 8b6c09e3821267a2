using System.Net;
using System.Net.Sockets;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class HandoverTests
{
    [Fact]
    public async Task The_first_process_leads_and_the_second_follows()
    {
        using TempDirectory directory = new();
        await using ChildProcess first = ChildProcess.StartServer(directory["db"]);
        (await first.ReadLineAsync()).ShouldBe($"leader {directory["db/rave.sock"]}");
        await using ChildProcess second = ChildProcess.StartServer(directory["db"]);
        (await second.ReadLineAsync()).ShouldBe($"follower {directory["db/rave.sock"]}");
    }

    [Fact]
    public async Task The_follower_of_a_killed_leader_takes_over_with_all_data()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using ChildProcess follower = await FollowAsync(leader);
        (await leader.PutAsync("/v1/kv/hello", "world")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await leader.Process.KillAsync();

        (await follower.ReadLineAsync()).ShouldBe($"leader {leader.SocketPath}");
        (await leader.Http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
    }

    [Theory]
    [InlineData(ChildProcess.Terminate)]
    [InlineData(ChildProcess.Interrupt)]
    public async Task A_leader_hands_over_on_a_signal_and_exits_with_0(int signal)
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using ChildProcess follower = await FollowAsync(leader);
        (await leader.PutAsync("/v1/kv/hello", "world")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        leader.Process.Signal(signal);

        (await leader.Process.WaitForExitAsync()).ShouldBe(0);
        (await follower.ReadLineAsync()).ShouldBe($"leader {leader.SocketPath}");
        (await leader.Http.GetStringAsync("/v1/kv/hello")).ShouldBe("world");
        (await leader.Process.Errors).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ChildProcess.Terminate)]
    [InlineData(ChildProcess.Interrupt)]
    public async Task The_last_leader_leaves_no_socket_behind(int signal)
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        leader.Process.Signal(signal);
        (await leader.Process.WaitForExitAsync()).ShouldBe(0);
        Directory.GetFiles(leader.Location, "rave.sock*").ShouldBeEmpty();
        File.Exists(Path.Combine(leader.Location, "rave.lock")).ShouldBeTrue("a lock file that is deleted lets two processes in");
    }

    [Fact]
    public async Task A_follower_exits_with_0_on_a_signal_and_the_leader_continues()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using ChildProcess follower = await FollowAsync(leader);
        (await follower.TerminateAsync()).ShouldBe(0);
        (await leader.PutAsync("/v1/kv/hello", "world")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Stepping_down_hands_over_to_the_follower()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using ChildProcess follower = await FollowAsync(leader);

        (await leader.Http.PostAsync("/v1/leader/step-down", new ByteArrayContent([]))).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        (await follower.ReadLineAsync()).ShouldBe($"leader {leader.SocketPath}");
        (await leader.Process.ReadLineAsync()).ShouldBe($"follower {leader.SocketPath}");
    }

    [Fact]
    public async Task A_leader_whose_lock_is_deleted_logs_an_error_and_hands_over()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using ChildProcess follower = await FollowAsync(leader);
        File.Delete(Path.Combine(leader.Location, "rave.lock"));
        (await leader.Process.ExpectErrorAsync("lost; stepping down")).ShouldContain(leader.Location);
        await follower.ExpectAsync($"leader {leader.SocketPath}");
    }

    [Fact]
    public async Task A_lone_leader_that_steps_down_leads_again()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        (await leader.Http.PostAsync("/v1/leader/step-down", new ByteArrayContent([]))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await leader.Process.ReadLineAsync()).ShouldBe($"leader {leader.SocketPath}");
        (await leader.PutAsync("/v1/kv/hello", "world")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_request_that_never_ends_does_not_stop_a_leader_from_ending()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(leader.SocketPath)).Soon();
        await socket.SendAsync(Encoding.ASCII.GetBytes("PUT /v1/kv/half HTTP/1.1\r\nHost: rave\r\nContent-Length: 10\r\n\r\nhalf"));
        // A whole request on another connection: when it is answered, the half one has been read as well.
        (await leader.PutAsync("/v1/kv/hello", "world")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await leader.Process.TerminateAsync()).ShouldBe(0);
        (await leader.Process.Errors).ShouldBeEmpty();
    }

    private static async Task<ChildProcess> FollowAsync(LiveLeader leader)
    {
        ChildProcess follower = ChildProcess.StartServer(leader.Location);
        await follower.ExpectAsync($"follower {leader.SocketPath}");
        return follower;
    }
}
