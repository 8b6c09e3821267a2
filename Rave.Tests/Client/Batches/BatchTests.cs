using Rave.Client;

namespace Rave.Tests.Client;

public sealed class BatchTests(Subjects subjects) : IClassFixture<Subjects>
{
    [Theory, EverySubject]
    public async Task A_batch_without_operations_does_nothing(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await db.BatchAsync([]);
        await db.Batch().WriteAsync();
        await db.Batch().WriteAsync(new() { Sync = true });
        (await db.CountAsync()).ShouldBe(0);
    }

    [Theory, EverySubject]
    public async Task Puts_and_dels_are_applied_in_order(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "old");
        await db.BatchAsync([Put("a", "1"), Delete("old"), Put("b", "1"), Delete("a"), Put("b", "2"), Delete("none")]);
        (await db.Iterate().ToArrayAsync()).ShouldBe([new("b", "2")]);
    }

    [Theory, EverySubject]
    public async Task A_batch_with_one_invalid_operation_writes_nothing(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
            await db.BatchAsync([Put("a", "1"), Put(new string('k', 70_000), "1")]));
        failure.Code.ShouldBe("LEVEL_TOO_LARGE");
        failure.MayHaveBeenApplied.ShouldBeFalse();
        (await db.CountAsync()).ShouldBe(0);
    }

    [Theory, EverySubject]
    public async Task Empty_keys_and_values_are_accepted(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await db.BatchAsync([Put("", ""), Put("a", "")]);
        (await db.Iterate().ToArrayAsync()).ShouldBe([new("", ""), new("a", "")]);
        await db.BatchAsync([Delete("")]);
        (await db.Keys().ToArrayAsync()).ShouldBe(["a"]);
    }

    [Theory, EverySubject]
    public async Task A_batch_with_sync_waits_for_the_disk(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await db.BatchAsync([Put("a", "1")], new() { Sync = true });
        (await db.GetAsync("a")).ShouldBe("1");
    }

    [Theory, EverySubject]
    public async Task Ten_thousand_operations_are_one_batch(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await NotOffered.OrAsync(subject, "large-batch", async () =>
        {
            await db.BatchAsync(Enumerable.Range(0, 10_000).Select(i => Put($"{i}", "")));
            (await db.CountAsync()).ShouldBe(10_000);
        });
    }

    [Theory, EverySubject]
    public async Task A_write_batch_counts_what_it_holds_and_applies_it_when_written(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "old");
        WriteBatch<string, string> batch = db.Batch();
        batch.Length.ShouldBe(0);
        batch.Put("a", "1").Put("a", "2").Delete("old").ShouldBeSameAs(batch);
        batch.Length.ShouldBe(3);
        (await db.Keys().ToArrayAsync()).ShouldBe(["old"]);
        await batch.WriteAsync();
        (await db.Iterate().ToArrayAsync()).ShouldBe([new("a", "2")]);
    }

    [Theory, EverySubject]
    public async Task A_cleared_write_batch_is_empty_and_can_be_used(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "old");
        WriteBatch<string, string> batch = db.Batch().Put("a", "1").Delete("old").Clear();
        batch.Length.ShouldBe(0);
        await batch.Put("b", "1").WriteAsync();
        (await db.Keys().ToArrayAsync()).ShouldBe(["b", "old"]);
    }

    [Theory]
    [EverySubject("put")]
    [EverySubject("del")]
    [EverySubject("check")]
    [EverySubject("clear")]
    [EverySubject("write")]
    public async Task A_written_write_batch_is_closed(Subject subject, string operation)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        WriteBatch<string, string> batch = db.Batch().Put("a", "1");
        await batch.WriteAsync();
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
        {
            switch (operation)
            {
                case "put": batch.Put("b", "1"); break;
                case "del": batch.Delete("a"); break;
                case "check": batch.Check("a", Condition.Exists); break;
                case "clear": batch.Clear(); break;
                default: await batch.WriteAsync(); break;
            }
        });
        failure.Code.ShouldBe("LEVEL_BATCH_NOT_OPEN");
    }

    [Theory, EverySubject]
    public async Task A_write_batch_that_is_written_twice_at_once_is_written_once(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        WriteBatch<string, string> batch = db.Batch().Put("a", "1");
        ValueTask first = batch.WriteAsync();
        Should.Throw<RaveException>(() => batch.WriteAsync().AsTask()).Code.ShouldBe("LEVEL_BATCH_NOT_OPEN");
        await first;
        (await db.GetAsync("a")).ShouldBe("1");
    }

    [Theory, EverySubject]
    public async Task A_batch_reaches_other_levels_of_the_handle(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<string, string> inner = db.Sublevel("inner");
        Sublevel<long, Guid> numbers = inner.Sublevel("numbers", Encodings.Int64, Encodings.Guid);
        Guid id = Guid.NewGuid();
        await db.Batch().Put("a", "1").Put(inner, "a", "2").Put(numbers, -1, id).Put(numbers, 1, id).Delete(numbers, 1).WriteAsync();
        (await db.GetAsync("a")).ShouldBe("1");
        (await inner.GetAsync("a")).ShouldBe("2");
        (await numbers.Iterate().ToArrayAsync()).ShouldBe([new(-1, id)]);
    }

    [Theory, EverySubject]
    public async Task A_failed_condition_prevents_the_whole_batch(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "here");
        RaveException failure = await Should.ThrowAsync<RaveException>(async () =>
            await db.Batch().Put("a", "1").Check("here", Condition.Missing).WriteAsync());
        failure.Code.ShouldBe("LEVEL_PRECONDITION_FAILED");
        (await db.HasAsync("a")).ShouldBeFalse();
        await db.Batch().Put("a", "1").Check("here", Condition.Exists).Check("a", Condition.Missing).WriteAsync();
        (await db.HasAsync("a")).ShouldBeTrue();
    }

    [Theory, EverySubject]
    public async Task Compare_and_set_stores_only_over_the_value_expected(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        (await db.PutIfAbsentAsync("a", "1")).ShouldBeTrue();
        (await db.PutIfAbsentAsync("a", "2")).ShouldBeFalse();
        (await db.CompareAndSetAsync("a", "2", "3")).ShouldBeFalse();
        (await db.CompareAndSetAsync("a", "1", "3")).ShouldBeTrue();
        (await db.CompareAndSetAsync("none", "1", "3")).ShouldBeFalse();
        (await db.DeleteIfAsync("a", Condition.ETag(db.ETagOf("1")))).ShouldBeFalse();
        (await db.DeleteIfAsync("a", Condition.ETag(db.ETagOf("3")))).ShouldBeTrue();
        (await db.CountAsync()).ShouldBe(0);
    }

    private static BatchOperation<string, string> Put(string key, string value) => BatchOperation.Put(key, value);

    private static BatchOperation<string, string> Delete(string key) => BatchOperation.Delete(key);
}
