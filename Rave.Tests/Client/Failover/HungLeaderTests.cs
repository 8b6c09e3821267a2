using System.Net;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class HungLeaderTests
{
    [Fact]
    public async Task A_leader_that_hangs_keeps_the_lock_and_errors_name_its_process()
    {
        using TempDirectory directory = new();
        await using ChildProcess leader = ChildProcess.StartServer(directory["db"]);
        await leader.ExpectAsync($"leader {directory["db/rave.sock"]}");
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { OperationTimeout = TimeSpan.FromSeconds(1) });
        await follower.PutAsync("a", "1");

        await leader.SuspendAsync();
        RaveException write = await follower.PutAsync("a", "2").AsTask().ShouldThrowAsync<RaveException>();
        write.Code.ShouldBe("LEVEL_CONNECTION_LOST");
        write.Message.ShouldContain($"process {leader.Id}");
        write.MayHaveBeenApplied.ShouldBeTrue();
        RaveException read = await follower.GetAsync("a").AsTask().ShouldThrowAsync<RaveException>();
        read.MayHaveBeenApplied.ShouldBeFalse();
        follower.IsLeader.ShouldBeFalse();

        leader.Signal(ChildProcess.Continue);
        await follower.PutAsync("a", "3");
        (await follower.GetAsync("a")).ShouldBe("3");
        follower.LeaderInfo!.Pid.ShouldBe(leader.Id);
    }

    [Fact]
    public async Task Without_retries_a_write_whose_leader_was_killed_says_that_it_may_have_been_applied()
    {
        using TempDirectory directory = new();
        await using ChildProcess leader = ChildProcess.StartServer(directory["db"]);
        await leader.ExpectAsync($"leader {directory["db/rave.sock"]}");
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"], new() { Retry = false, CanLead = false });
        await follower.PutAsync("a", "1");

        // It has the request in its socket, and will never answer it.
        await leader.SuspendAsync();
        Task put = follower.PutAsync("a", "2").AsTask();
        await leader.KillAsync();

        RaveException failure = await put.ShouldThrowAsync<RaveException>();
        failure.Code.ShouldBe("LEVEL_CONNECTION_LOST");
        failure.MayHaveBeenApplied.ShouldBeTrue();
    }

    [Theory]
    [InlineData("put")]
    [InlineData("clear")]
    public async Task A_write_that_was_sent_when_its_handle_closes_says_that_it_may_have_been_applied(string write)
    {
        using TempDirectory directory = new();
        await using ChildProcess leader = ChildProcess.StartServer(directory["db"]);
        await leader.ExpectAsync($"leader {directory["db/rave.sock"]}");
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"]);
        await follower.PutAsync("a", "1");

        await leader.SuspendAsync();
        Task sent = write == "put" ? follower.PutAsync("a", "2").AsTask() : follower.ClearAsync().AsTask();
        Task<string?> read = follower.GetAsync("a").AsTask();
        await follower.CloseAsync().Soon();

        RaveException failure = await sent.ShouldThrowAsync<RaveException>();
        failure.Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        failure.MayHaveBeenApplied.ShouldBeTrue();
        (await read.ShouldThrowAsync<RaveException>()).MayHaveBeenApplied.ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_operation_ends_at_once_and_disturbs_no_other()
    {
        using TempDirectory directory = new();
        await using ChildProcess leader = ChildProcess.StartServer(directory["db"]);
        await leader.ExpectAsync($"leader {directory["db/rave.sock"]}");
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"]);

        await leader.SuspendAsync();
        using CancellationTokenSource cancellation = new();
        Task<string?> cancelled = follower.GetAsync("a", cancellationToken: cancellation.Token).AsTask();
        Task put = follower.PutAsync("b", "1").AsTask();
        await cancellation.CancelAsync();
        await cancelled.ShouldThrowAsync<OperationCanceledException>();

        leader.Signal(ChildProcess.Continue);
        await put.Soon();
        (await follower.GetAsync("b")).ShouldBe("1");
    }

    [Fact]
    public async Task A_leader_that_hangs_is_named_is_never_replaced_and_continues_afterwards()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        (await leader.PutAsync("/v1/kv/before", "1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await leader.Process.SuspendAsync();

        // The kernel accepts the connection, but no answer comes for seconds, and the lock is taken.
        await using ChildProcess other = ChildProcess.StartServer(leader.Location);
        string waiting = await other.ExpectErrorAsync("waiting");
        waiting.ShouldContain($"is led by process {leader.Process.Id} (");
        waiting.ShouldEndWith("which does not answer.");

        leader.Process.Signal(ChildProcess.Continue);
        (await other.ReadLineAsync()).ShouldBe($"follower {leader.SocketPath}");
        (await leader.Http.GetStringAsync("/v1/kv/before")).ShouldBe("1");
        (await leader.PutAsync("/v1/kv/after", "2")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await leader.Process.KillAsync();
        (await other.ReadLineAsync()).ShouldBe($"leader {leader.SocketPath}");
        (await leader.Http.GetStringAsync("/v1/kv/after")).ShouldBe("2");
    }
}
