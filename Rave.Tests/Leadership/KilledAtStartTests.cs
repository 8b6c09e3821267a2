using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class KilledAtStartTests
{
    // The files that appear in a new location while a leader starts, in this order. The leader is killed when each of them appears.
    [Theory]
    [InlineData("rave.lock")]
    [InlineData("LOCK")]
    [InlineData("MANIFEST-*")]
    [InlineData("CURRENT")]
    [InlineData("rave.leader*")]
    [InlineData("rave.sock.*")]
    [InlineData("rave.sock")]
    public async Task A_process_that_is_killed_while_it_starts_blocks_no_other(string seen)
    {
        using TempDirectory directory = new();
        await using (ChildProcess killed = ChildProcess.StartServer(directory.Path))
        {
            SpinWait.SpinUntil(() => Directory.GetFiles(directory.Path, seen).Length > 0, Waiting.Patience).ShouldBeTrue();
            await killed.KillAsync();
        }

        using DatabaseLocation location = DatabaseLocation.Resolve(directory.Path, create: false);
        await using (Leader next = await Embedded.LeadAsync(location))
        {
            (await RawHttp.SendAsync(location.SocketPath, "GET", "/healthz")).Status.ShouldBe(200);
        }

        Directory.GetFiles(directory.Path, "rave.sock*").ShouldBeEmpty();
    }
}
