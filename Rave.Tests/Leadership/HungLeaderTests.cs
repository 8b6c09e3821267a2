using System.Net;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class HungLeaderTests
{
    [Fact]
    public async Task A_leader_that_hangs_is_named_never_replaced_and_serves_on_afterwards()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        (await leader.PutAsync("/v1/kv/before", "1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await leader.Process.SuspendAsync();

        // It connects, for the kernel accepts, hears nothing for seconds and cannot have the lock.
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
