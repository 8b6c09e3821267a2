using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class PreWriteTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hook_keeps_an_index_with_every_kind_of_write(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<string, string> users = db.Sublevel("users");
        Sublevel<string, string> index = db.Sublevel("by-name");
        using IDisposable hook = Index(users, index);

        await users.PutAsync("1", "Ada");
        await users.BatchAsync([BatchOperation.Put("2", "Grace"), BatchOperation.Put("3", "Ida")]);
        await db.Batch().Put(db.Sublevel("users"), "4", "Joan").Put("elsewhere", "Nobody").WriteAsync();
        (await users.PutIfAbsentAsync("5", "Mary")).ShouldBeTrue();
        (await users.PutIfAbsentAsync("5", "Refused")).ShouldBeFalse();
        await users.DeleteAsync("3");

        (await index.Iterate().ToArrayAsync())
            .ShouldBe([new("Ada", "1"), new("Grace", "2"), new("Ida", "gone"), new("Joan", "4"), new("Mary", "5")]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Operations_that_a_hook_adds_are_written_and_reported_with_its_write(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<string, string> log = db.Sublevel("log");
        List<int> reported = [];
        db.Written += (_, write) => reported.Add(write.Changes.Count);
        using (db.PreWrite((change, batch) => batch.Put(log, change.Key, $"{change.Kind}")))
        {
            await db.PutAsync("a", "1");
            await db.PutAsync("b", new string('x', 10), new() { Sync = true });
        }

        await db.PutAsync("c", "3");
        reported.ShouldBe([2, 2, 1]);
        (await log.Keys().ToArrayAsync()).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hook_that_fails_or_is_invalid_fails_the_whole_write(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        await using RaveLevel other = await RaveLevel.OpenAsync(db.Location);
        HookBatch? kept = null;
        foreach (Action<Change<string, string>, HookBatch> hook in (Action<Change<string, string>, HookBatch>[])
            [(_, _) => throw new FormatException("no"), (_, batch) => batch.Put(other, "b", "2"), (change, _) =>
                change.Value.ShouldBe("1")])
        {
            using IDisposable registration = db.PreWrite(hook);
            RaveException failure = await db.Batch().Put("a", "1").Delete("a").WriteAsync().AsTask().ShouldThrowAsync<RaveException>();
            failure.Code.ShouldBe("LEVEL_HOOK_ERROR");
            failure.InnerException.ShouldNotBeNull();
            failure.MayHaveBeenApplied.ShouldBeFalse();
        }

        (await db.CountAsync()).ShouldBe(0);
        using (db.PreWrite((_, batch) => kept = batch))
        {
            await db.PutAsync("a", "1");
        }

        Should.Throw<RaveException>(() => kept!.Put(db, "late", "1")).Code.ShouldBe("LEVEL_BATCH_NOT_OPEN");
    }

    [Fact]
    public async Task A_hook_continues_across_a_failover()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"]);
        Sublevel<string, string> users = follower.Sublevel("users");
        Sublevel<string, string> index = follower.Sublevel("by-name");
        using IDisposable hook = Index(users, index);
        await users.PutAsync("1", "Ada");
        Task put = users.PutAsync("2", "Grace").AsTask();
        await leader.CloseAsync();
        await put.Soon();
        await users.PutAsync("3", "Joan").AsTask().Soon();
        (await index.Keys().ToArrayAsync()).ShouldBe(["Ada", "Grace", "Joan"]);
    }

    private static IDisposable Index(Sublevel<string, string> users, Sublevel<string, string> index) => users.PreWrite((change, batch) =>
    {
        if (change.Kind == ChangeKind.Put)
        {
            batch.Put(index, change.Value, change.Key);
        }
        else
        {
            batch.Put(index, "Ida", "gone");
        }
    });
}
