using Rave.Client;

namespace Rave.Tests.Client;

public sealed class PutGetDelTests(Subjects subjects) : IClassFixture<Subjects>
{
    [Theory, EverySubject]
    public async Task Get_and_has_find_an_entry_after_its_put(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await db.PutAsync("key", "value");
        (await db.GetAsync("key")).ShouldBe("value");
        (await db.TryGetAsync("key")).ShouldBe(new Lookup<string>("value"));
        (await db.HasAsync("key")).ShouldBeTrue();
    }

    [Theory, EverySubject]
    public async Task Get_and_has_do_not_find_an_entry_that_was_never_put(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        (await db.GetAsync("none")).ShouldBeNull();
        (await db.TryGetAsync("none")).ShouldBe(default);
        (await db.HasAsync("none")).ShouldBeFalse();
        await db.DeleteAsync("none");
    }

    [Theory, EverySubject]
    public async Task A_second_put_wins_over_the_first(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "key");
        await db.PutAsync("key", "new");
        (await db.GetAsync("key")).ShouldBe("new");
        (await db.CountAsync()).ShouldBe(1);
    }

    [Theory, EverySubject]
    public async Task A_deleted_entry_is_gone_and_can_be_put_again(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "key", "other");
        await db.DeleteAsync("key");
        (await db.GetAsync("key")).ShouldBeNull();
        (await db.HasAsync("other")).ShouldBeTrue();
        await db.PutAsync("key", "again");
        (await db.GetAsync("key")).ShouldBe("again");
    }

    [Theory]
    [EverySubject("")]
    [EverySubject(" ")]
    [EverySubject("0")]
    [EverySubject("false")]
    [EverySubject("null")]
    [EverySubject("\0")]
    [EverySubject("a\0b")]
    [EverySubject("!")]
    [EverySubject("!subject!")]
    [EverySubject("%2F")]
    [EverySubject("a/../b?c#d")]
    [EverySubject("ä漢🦀")]
    [EverySubject("line\nline")]
    public async Task Any_text_is_a_key_and_a_value(Subject subject, string text)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await db.PutAsync(text, text);
        (await db.GetAsync(text)).ShouldBe(text);
        (await db.HasAsync(text)).ShouldBeTrue();
        (await db.GetManyAsync([text])).ShouldBe([text]);
        (await db.Iterate().ToArrayAsync()).ShouldBe([new(text, text)]);
        await db.DeleteAsync(text);
        (await db.HasAsync(text)).ShouldBeFalse();
    }

    [Theory]
    [EverySubject(0)]
    [EverySubject(1)]
    [EverySubject(255)]
    [EverySubject(4096)]
    [EverySubject(1 << 20)]
    public async Task Values_of_any_length_come_back(Subject subject, int length)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        string value = new('v', length);
        await db.PutAsync("key", value);
        (await db.GetAsync("key")).ShouldBe(value);
    }

    [Theory]
    [EverySubject("get")]
    [EverySubject("try-get")]
    [EverySubject("has")]
    [EverySubject("put")]
    [EverySubject("del")]
    [EverySubject("get-many")]
    [EverySubject("has-many")]
    [EverySubject("batch-put")]
    [EverySubject("batch-del")]
    [EverySubject("write-batch-put")]
    [EverySubject("write-batch-del")]
    [EverySubject("seek")]
    public async Task A_null_key_is_refused(Subject subject, string operation)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await Should.ThrowAsync<ArgumentNullException>(async () =>
        {
            switch (operation)
            {
                case "get": await db.GetAsync(null!); break;
                case "try-get": await db.TryGetAsync(null!); break;
                case "has": await db.HasAsync(null!); break;
                case "put": await db.PutAsync(null!, "value"); break;
                case "del": await db.DeleteAsync(null!); break;
                case "get-many": await db.GetManyAsync(["a", null!]); break;
                case "has-many": await db.HasManyAsync(["a", null!]); break;
                case "batch-put": await db.BatchAsync([BatchOperation.Put((string)null!, "value")]); break;
                case "batch-del": await db.BatchAsync([BatchOperation.Delete((string)null!)]); break;
                case "write-batch-put": db.Batch().Put(null!, "value"); break;
                case "write-batch-del": db.Batch().Delete(null!); break;
                default: db.Iterator().Seek(null!); break;
            }
        });
        (await db.CountAsync()).ShouldBe(0);
    }

    [Theory]
    [EverySubject("put")]
    [EverySubject("batch-put")]
    [EverySubject("write-batch-put")]
    [EverySubject("put-if")]
    [EverySubject("compare-and-set")]
    public async Task A_null_value_is_refused(Subject subject, string operation)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await Should.ThrowAsync<ArgumentNullException>(async () =>
        {
            switch (operation)
            {
                case "put": await db.PutAsync("key", null!); break;
                case "batch-put": await db.BatchAsync([BatchOperation.Put("key", (string)null!)]); break;
                case "write-batch-put": db.Batch().Put("key", null!); break;
                case "put-if": await db.PutIfAbsentAsync("key", null!); break;
                default: await db.CompareAndSetAsync("key", null!, "value"); break;
            }
        });
        (await db.CountAsync()).ShouldBe(0);
    }

    [Theory, EverySubject]
    public async Task A_put_with_sync_is_applied(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await db.PutAsync("key", "value", new() { Sync = true });
        (await db.GetAsync("key")).ShouldBe("value");
        await db.DeleteAsync("key", new() { Sync = true });
        (await db.GetAsync("key")).ShouldBeNull();
    }

    [Theory, EverySubject]
    public async Task An_operation_that_is_cancelled_beforehand_is_not_done(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "key");
        CancellationToken cancelled = new(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(async () => await db.GetAsync("key", cancellationToken: cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await db.GetManyAsync(["key"], cancellationToken: cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await db.HasAsync("key", cancellationToken: cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await db.PutAsync("new", "value", cancellationToken: cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await db.PutAsync("new", "value", new() { Sync = true }, cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await db.DeleteAsync("key", cancellationToken: cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await db.Batch().Put("new", "value").Delete("key").WriteAsync(cancellationToken: cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await db.ClearAsync(cancellationToken: cancelled));
        (await db.Keys().ToArrayAsync()).ShouldBe(["key"]);
    }

    [Theory, EverySubject]
    public async Task Concurrent_writes_are_all_applied(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => db.PutAsync($"{i:000}", $"{i}").AsTask()));
        (await db.Keys().ToArrayAsync()).ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i:000}"));
    }
}
