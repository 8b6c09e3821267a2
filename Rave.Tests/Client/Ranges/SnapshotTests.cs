using Rave.Client;

namespace Rave.Tests.Client;

public sealed partial class SnapshotTests(Subjects subjects) : IClassFixture<Subjects>
{
    [Theory, EverySubject]
    public async Task Every_read_sees_the_state_of_the_snapshot(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a", "b");
        await using Snapshot snapshot = await subjects.HandleOf(subject).SnapshotAsync();
        await db.Batch().Put("a", "new").Delete("b").Put("c", "new").WriteAsync();
        ReadOptions then = new() { Snapshot = snapshot };
        (await db.GetAsync("a", then)).ShouldBe("value of a");
        (await db.GetAsync("b", then)).ShouldBe("value of b");
        (await db.TryGetAsync("c", then)).Found.ShouldBeFalse();
        (await db.HasAsync("b", then)).ShouldBeTrue();
        (await db.HasAsync("c", then)).ShouldBeFalse();
        (await db.CountAsync(new() { Snapshot = snapshot })).ShouldBe(2);
        (await db.GetAsync("a")).ShouldBe("new");
    }

    [Theory, EverySubject]
    public async Task Several_snapshots_each_see_their_own_state(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        List<Snapshot> snapshots = [];
        for (int i = 0; i < 5; i++)
        {
            await db.PutAsync("a", $"{i}");
            snapshots.Add(await subjects.HandleOf(subject).SnapshotAsync());
        }

        await db.DeleteAsync("a");
        for (int i = 0; i < 5; i++)
        {
            (await db.GetAsync("a", new() { Snapshot = snapshots[i] })).ShouldBe($"{i}");
            await snapshots[i].DisposeAsync();
        }
    }

    [Theory, EverySubject]
    public async Task A_snapshot_holds_for_sublevels_too(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<string, string> inner = db.Sublevel("inner");
        await inner.PutAsync("a", "old");
        await using Snapshot snapshot = await subjects.HandleOf(subject).SnapshotAsync();
        await inner.PutAsync("a", "new");
        (await inner.GetAsync("a", new() { Snapshot = snapshot })).ShouldBe("old");
        (await inner.Values(new() { Snapshot = snapshot }).ToArrayAsync()).ShouldBe(["old"]);
    }

    [Theory]
    [EverySubject("get")]
    [EverySubject("get-many")]
    [EverySubject("has")]
    [EverySubject("has-many")]
    [EverySubject("iterate")]
    [EverySubject("iterator")]
    [EverySubject("keys")]
    [EverySubject("values")]
    [EverySubject("count")]
    [EverySubject("clear")]
    public async Task A_disposed_snapshot_is_refused(Subject subject, string operation)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        Snapshot snapshot = await subjects.HandleOf(subject).SnapshotAsync();
        await snapshot.DisposeAsync();
        await snapshot.DisposeAsync();
        ReadOptions then = new() { Snapshot = snapshot };
        RangeOptions<string> range = new() { Snapshot = snapshot };
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
        {
            switch (operation)
            {
                case "get": await db.GetAsync("a", then); break;
                case "get-many": await db.GetManyAsync(["a"], then); break;
                case "has": await db.HasAsync("a", then); break;
                case "has-many": await db.HasManyAsync(["a"], then); break;
                case "iterate": await db.Iterate(range).ToArrayAsync(); break;
                case "iterator": await db.Iterator(range).NextAsync(); break;
                case "keys": await db.Keys(range).ToArrayAsync(); break;
                case "values": await db.Values(range).ToArrayAsync(); break;
                case "count": await db.CountAsync(range); break;
                default: await db.ClearAsync(range); break;
            }
        });
        failure.Code.ShouldBe("LEVEL_SNAPSHOT_NOT_OPEN");
        (await db.CountAsync()).ShouldBe(1);
    }

    [Theory, EverySubject]
    public async Task An_iterator_whose_snapshot_is_disposed_fails_at_its_next_page(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Enumerable.Range(0, 1000).Select(i => $"{i:0000}"));
        Snapshot snapshot = await subjects.HandleOf(subject).SnapshotAsync();
        await using RangeIterator<string, string> iterator = db.Iterator(new() { Snapshot = snapshot });
        (await iterator.NextAsync())!.Value.Key.ShouldBe("0000");
        await snapshot.DisposeAsync();
        (await Should.ThrowAsync<RaveException>(async () => await iterator.AllAsync())).Code.ShouldBe("LEVEL_SNAPSHOT_NOT_OPEN");
    }

    [Theory, EverySubject]
    public async Task A_snapshot_of_another_handle_is_a_mistake(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        await using RaveLevel other = await subjects.OpenAnotherAsync(subject);
        await using Snapshot snapshot = await other.SnapshotAsync();
        await Should.ThrowAsync<ArgumentException>(async () => await db.GetAsync("a", new() { Snapshot = snapshot }));
        await Should.ThrowAsync<ArgumentException>(async () => await db.Keys(new() { Snapshot = snapshot }).ToArrayAsync());
    }
}
