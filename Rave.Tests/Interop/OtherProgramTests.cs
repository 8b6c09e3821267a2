using Rave.Client;
using Rave.Server.Platform;
using Rave.Tests.Harness;

namespace Rave.Tests.Interop;

// Real programs that open the directory themselves, npm's classic-level and Go's goleveldb. Never two at once, and every acknowledged
// write is kept.
public sealed class OtherProgramTests(Node node, Go go) : IClassFixture<Node>, IClassFixture<Go>
{
    [Fact]
    [Needs(Need.Node)]
    public Task Classic_level_and_RaveLevel_exclude_each_other() => KeepEachOtherOutAsync(node.OpenAsync, null);

    [Fact]
    [Needs(Need.Go)]
    public Task Goleveldb_and_RaveLevel_exclude_each_other() =>
        KeepEachOtherOutAsync(location => Task.FromResult(go.Open(location)), "go");

    private static async Task KeepEachOtherOutAsync(Func<string, Task<ChildProcess>> openAsync, string? from)
    {
        using TempDirectory directory = new();
        await using (ChildProcess first = await openAsync(directory["db"]))
        {
            (await first.ReadLineAsync()).ShouldBe("held");
            (await Should.ThrowAsync<RaveException>(async () =>
                await RaveLevel.OpenAsync(directory["db"], new() { OpenTimeout = TimeSpan.FromSeconds(1) }))).Code
                .ShouldBe(ErrorCodes.Locked);
            (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.RepairAsync(directory["db"]))).Code
                .ShouldBe(ErrorCodes.Locked);
            (await Should.ThrowAsync<RaveException>(async () => await RaveLevel.DestroyAsync(directory["db"]))).Code
                .ShouldBe(ErrorCodes.Locked);
            first.Input.Close();
            (await first.WaitForExitAsync()).ShouldBe(0, await first.Errors);
        }

        await using (RaveLevel db = await RaveLevel.OpenAsync(directory["db"]))
        {
            await db.PutAsync("ours", "1");
            // This loses LevelDB's own lock.
            Posix.OpenOrCreate(directory["db/LOCK"]).Dispose();
            await using ChildProcess refused = await openAsync(directory["db"]);
            (await refused.ReadLineAsync())!.ShouldStartWith("refused");
            await db.PutAsync("ours", "2");
        }

        await using ChildProcess last = await openAsync(directory["db"]);
        (await last.ReadLineAsync()).ShouldBe("held");
        last.Input.Close();
        (await last.WaitForExitAsync()).ShouldBe(0, await last.Errors);
        await using RaveLevel again = await RaveLevel.OpenAsync(directory["db"]);
        (await again.GetAsync("ours")).ShouldBe("2");
        (await again.GetAsync("from")).ShouldBe(from);
    }
}
