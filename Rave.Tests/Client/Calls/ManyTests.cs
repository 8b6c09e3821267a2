using Rave.Client;

namespace Rave.Tests.Client;

public sealed class ManyTests(Subjects subjects) : IClassFixture<Subjects>
{
    [Theory, EverySubject]
    public async Task Values_come_in_the_order_of_the_keys_and_null_where_there_is_none(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a", "b");
        (await db.GetManyAsync(["b", "none", "a", "b"])).ShouldBe(["value of b", null, "value of a", "value of b"]);
        (await db.HasManyAsync(["b", "none", "a", "b"])).ShouldBe([true, false, true, true]);
    }

    [Theory, EverySubject]
    public async Task No_keys_have_no_values(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        (await db.GetManyAsync([])).ShouldBeEmpty();
        (await db.HasManyAsync([])).ShouldBeEmpty();
    }

    [Theory, EverySubject]
    public async Task Keys_that_are_null_altogether_are_refused(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await Should.ThrowAsync<ArgumentNullException>(async () => await db.GetManyAsync(null!));
        await Should.ThrowAsync<ArgumentNullException>(async () => await db.HasManyAsync(null!));
        await Should.ThrowAsync<ArgumentNullException>(async () => await db.BatchAsync(null!));
    }

    [Theory, EverySubject]
    public async Task Empty_keys_and_values_are_ones_like_any_other(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        (await db.GetManyAsync([""])).ShouldBe([null]);
        await db.PutAsync("", "");
        (await db.GetManyAsync([""])).ShouldBe([""]);
        (await db.HasManyAsync([""])).ShouldBe([true]);
    }

    [Theory, EverySubject]
    public async Task Thousands_of_keys_are_read_at_once(Subject subject)
    {
        string[] keys = [.. Enumerable.Range(0, 3000).Select(i => $"{i}")];
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, keys);
        (await db.GetManyAsync(keys)).ShouldBe(keys.Select(Subjects.Value));
        (await db.HasManyAsync(keys)).ShouldAllBe(found => found);
    }

    [Theory, EverySubject]
    public async Task Values_are_those_of_the_snapshot(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a", "b");
        await using Snapshot snapshot = await subjects.HandleOf(subject).SnapshotAsync();
        await db.Batch().Put("a", "new").Delete("b").Put("c", "new").WriteAsync();
        ReadOptions then = new() { Snapshot = snapshot };
        (await db.GetManyAsync(["a", "b", "c"], then)).ShouldBe(["value of a", "value of b", null]);
        (await db.HasManyAsync(["a", "b", "c"], then)).ShouldBe([true, true, false]);
    }
}
