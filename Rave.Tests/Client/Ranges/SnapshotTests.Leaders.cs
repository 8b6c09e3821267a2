using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed partial class SnapshotTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_read_from_a_snapshot_sees_its_state(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<string, string> sublevel = db.Sublevel("sub");
        await db.Batch().Put("a", "1").Put(sublevel, "b", "1").WriteAsync();
        await using Snapshot snapshot = await db.SnapshotAsync();
        await db.Batch().Put("a", "2").Put("c", "2").Delete(sublevel, "b").WriteAsync();

        ReadOptions then = new() { Snapshot = snapshot };
        (await db.GetAsync("a", then)).ShouldBe("1");
        (await db.GetAsync("a")).ShouldBe("2");
        (await db.GetManyAsync(["a", "c"], then)).ShouldBe(["1", null]);
        (await db.HasManyAsync(["a", "c"], then)).ShouldBe([true, false]);
        (await sublevel.GetAsync("b", then)).ShouldBe("1");
        (await sublevel.Keys(new() { Snapshot = snapshot }).ToArrayAsync()).ShouldBe(["b"]);
        (await db.CountAsync(new() { Snapshot = snapshot })).ShouldBe(2);

        await db.ClearAsync(new() { Snapshot = snapshot });
        (await db.Keys().ToArrayAsync()).ShouldBe(["c"], "only what the snapshot holds is cleared");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disposed_snapshot_is_refused_and_held_no_longer(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        Snapshot snapshot = await shared.Db.SnapshotAsync();
        await snapshot.DisposeAsync();
        await snapshot.DisposeAsync();
        (await shared.Db.GetAsync("a", new() { Snapshot = snapshot }).AsTask().ShouldThrowAsync<RaveException>()).Code
            .ShouldBe("LEVEL_SNAPSHOT_NOT_OPEN");
        (await shared.Db.GetStatusAsync(default)).Counters!.Snapshots.ShouldBe(0);
    }

    [Fact]
    public async Task A_snapshot_that_opens_after_its_caller_gave_up_is_ended()
    {
        using TempDirectory directory = new();
        await using RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RaveLevel db = await RaveLevel.OpenAsync(
            directory["db"], new() { Wire = socket => new HeldAnswer(socket, "/v1/snapshots", opened, delivered.Task) });
        using CancellationTokenSource source = new();
        Task<Snapshot> snapshot = db.SnapshotAsync(cancellationToken: source.Token).AsTask();
        await opened.Task.Soon();
        (await leader.GetStatusAsync(default)).Counters!.Snapshots.ShouldBe(1);
        await source.CancelAsync();
        (await snapshot.Soon().ShouldThrowAsync<OperationCanceledException>()).CancellationToken.ShouldBe(source.Token);
        delivered.SetResult();
        await Waiting.UntilAsync("no snapshot is held", async () => (await leader.GetStatusAsync(default)).Counters!.Snapshots == 0);
    }

    [Fact]
    public async Task A_snapshot_is_lost_with_its_leader_and_never_becomes_another()
    {
        using TempDirectory directory = new();
        await using ChildProcess leader = ChildProcess.StartServer(directory["db"]);
        await leader.ExpectAsync($"leader {directory["db/rave.sock"]}");
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        await db.BatchAsync(Enumerable.Range(0, 3000).Select(i => BatchOperation.Put($"{i:0000}", "1")));
        await using Snapshot snapshot = await db.SnapshotAsync();

        await using IAsyncEnumerator<KeyValuePair<string, string>> scan = db.Iterate(new() { Snapshot = snapshot }).GetAsyncEnumerator();
        (await scan.MoveNextAsync()).ShouldBeTrue();
        await leader.KillAsync();
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
        {
            while (await scan.MoveNextAsync())
            {
            }
        });
        failure.Code.ShouldBe("LEVEL_SNAPSHOT_NOT_OPEN");
    }

    [Fact]
    public async Task A_leader_does_not_take_a_snapshot_of_another_handle_and_no_lifetime_is_zero()
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads: true);
        await using RaveLevel other = await RaveLevel.OpenAsync(shared.Db.Location);
        await using Snapshot snapshot = await other.SnapshotAsync();
        await Should.ThrowAsync<ArgumentException>(async () => await shared.Db.GetAsync("a", new() { Snapshot = snapshot }));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await other.SnapshotAsync(TimeSpan.Zero));
    }
}
