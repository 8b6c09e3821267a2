using Rave.Client;

namespace Rave.Tests.Client;

public sealed partial class EventTests(Subjects subjects) : IClassFixture<Subjects>
{
    [Theory]
    [EverySubject("put")]
    [EverySubject("del")]
    [EverySubject("batch")]
    [EverySubject("write-batch")]
    [EverySubject("put-if")]
    public async Task A_write_is_reported_once_it_has_succeeded(Subject subject, string operation)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        List<string> reported = [];
        void Record(object? sender, WriteEventArgs<string, string> args) =>
            reported.AddRange(args.Changes.Select(change => $"{change.Kind} {change.Key}"));
        db.Written += Record;
        switch (operation)
        {
            case "put": await db.PutAsync("b", "1"); break;
            case "del": await db.DeleteAsync("b"); break;
            case "batch": await db.BatchAsync([BatchOperation.Put("b", "1")]); break;
            case "write-batch": await db.Batch().Put("b", "1").Delete("a").WriteAsync(); break;
            default: (await db.PutIfAbsentAsync("b", "1")).ShouldBeTrue(); break;
        }

        db.Written -= Record;
        await db.PutAsync("c", "1");
        reported.ShouldBe(operation switch { "del" => ["Delete b"], "write-batch" => ["Put b", "Delete a"], _ => ["Put b"] });
    }

    [Theory, EverySubject]
    public async Task Writes_to_other_levels_and_failed_writes_are_not_reported(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        List<string> reported = [];
        Sublevel<string, string> inner = db.Sublevel("inner");
        void Record(object? sender, WriteEventArgs<string, string> args) => reported.Add("write");
        inner.Written += Record;
        await db.PutAsync("b", "1");
        (await inner.PutIfAsync("a", "1", Condition.Exists)).ShouldBeFalse();
        await inner.BatchAsync([]);
        reported.ShouldBeEmpty();
        await db.PutAsync("!inner!a", "1");
        inner.Written -= Record;
        reported.ShouldBe(["write"]);
    }

    [Theory, EverySubject]
    public async Task A_clear_is_reported_with_its_range(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a", "b");
        List<ClearEventArgs<string, string>> reported = [];
        void Record(object? sender, ClearEventArgs<string, string> args) => reported.Add(args);
        db.Cleared += Record;
        await db.ClearAsync(new() { Gte = "b" });
        db.Cleared -= Record;
        reported.Single().Range!.Gte.Key.ShouldBe("b");
        reported[0].Change.Touches("b").ShouldBeTrue();
        reported[0].Change.Touches("a").ShouldBeFalse();
    }

    [Theory, EverySubject]
    public async Task A_hook_adds_operations_that_are_applied_with_the_write(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<string, string> index = db.Sublevel("index");
        Sublevel<string, string> data = db.Sublevel("data");
        using (data.PreWrite((change, batch) => batch.Put(index, change.Value, change.Key)))
        {
            await data.PutAsync("key", "value");
            await db.Batch().Put(data, "key2", "value2").Put("other", "1").WriteAsync();
        }

        await data.PutAsync("key3", "value3");
        (await index.Iterate().ToArrayAsync()).ShouldBe([new("value", "key"), new("value2", "key2")]);
    }

    [Theory, EverySubject]
    public async Task A_hook_that_fails_prevents_the_write(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        InvalidOperationException cause = new("of the hook's own");
        using IDisposable hook = db.PreWrite((_, _) => throw cause);
        RaveException failure = await Should.ThrowAsync<RaveException>(async () => await db.PutAsync("a", "1"));
        failure.Code.ShouldBe("LEVEL_HOOK_ERROR");
        failure.InnerException.ShouldBe(cause);
        (await db.CountAsync()).ShouldBe(0);
    }
}
