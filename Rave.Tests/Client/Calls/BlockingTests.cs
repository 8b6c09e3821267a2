using Microsoft.Extensions.Caching.Distributed;
using Rave.Client;
using Rave.Client.Hosting;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// Programs that cannot await block on a call: that works on every role, and with a context that is blocked meanwhile.
public sealed class BlockingTests(Subjects subjects) : IClassFixture<Subjects>
{
    private static readonly Dictionary<string, Action<RaveLevel, AbstractLevel<string, string>>> Calls = new()
    {
        ["get"] = (_, db) => Result(db.GetAsync("a")).ShouldBe("value of a"),
#pragma warning disable CA2012 // What the analyzer warns of is what is tried here.
        ["result-of-get"] = (_, db) => db.GetAsync("a").Result.ShouldBe("value of a"),
#pragma warning restore CA2012
        ["try-get"] = (_, db) => Result(db.TryGetAsync("a")).ShouldBe(new Lookup<string>("value of a")),
        ["get-many"] = (_, db) => Result(db.GetManyAsync(["a", "z"])).ShouldBe(["value of a", null]),
        ["try-get-many"] = (_, db) => Result(db.TryGetManyAsync(["a", "none"])).ShouldBe([new("value of a"), default]),
        ["has"] = (_, db) => Result(db.HasAsync("a")).ShouldBeTrue(),
        ["has-many"] = (_, db) => Result(db.HasManyAsync(["a", "z"])).ShouldBe([true, false]),
        ["put"] = (_, db) => Done(db.PutAsync("p", "1")),
        ["put-sync"] = (_, db) => Done(db.PutAsync("p", "1", new() { Sync = true })),
        ["del"] = (_, db) => Done(db.DeleteAsync("a")),
        ["batch"] = (_, db) => Done(db.BatchAsync([BatchOperation.Put("x", "1")])),
        ["write-batch"] = (_, db) => Done(db.Batch().Put("x", "1").Delete("a").WriteAsync()),
        ["put-if"] = (_, db) => Result(db.PutIfAbsentAsync("n", "1")).ShouldBeTrue(),
        ["del-if"] = (_, db) => Result(db.DeleteIfAsync("z", Condition.Exists)).ShouldBeFalse(),
        ["clear"] = (_, db) => Done(db.ClearAsync()),
        ["count"] = (_, db) => Result(db.CountAsync()).ShouldBe(2),
        ["next"] = (_, db) => Result(db.Iterator().NextAsync())!.Value.Key.ShouldBe("a"),
        ["next-many"] = (_, db) => Result(db.Iterator().NextManyAsync(5)).Count.ShouldBe(2),
        ["all"] = (_, db) => Result(db.Iterator().AllAsync()).Count.ShouldBe(2),
        ["iterate"] = (_, db) => Walk(db.Iterate()).Select(entry => entry.Key).ShouldBe(["a", "b"]),
        ["keys"] = (_, db) => Walk(db.Keys()).ShouldBe(["a", "b"]),
        ["values"] = (_, db) => Walk(db.Values()).ShouldBe(["value of a", "value of b"]),
        ["first-change"] = (_, db) =>
        {
            IAsyncEnumerator<Change<string, string>> changes = db.ChangesAsync().GetAsyncEnumerator();
            Result(changes.MoveNextAsync()).ShouldBeTrue();
            Done(changes.DisposeAsync());
        },
        ["snapshot"] = (handle, db) =>
        {
            Snapshot snapshot = Result(handle.SnapshotAsync());
            Result(db.GetAsync("a", new() { Snapshot = snapshot })).ShouldBe("value of a");
            Done(snapshot.DisposeAsync());
        },
        // A database in memory has no files, and no properties.
        ["property"] = (handle, _) => (Result(handle.GetPropertyAsync("leveldb.stats")) is null).ShouldBe(handle.Location == "memory"),
        ["approximate-size"] = (_, db) => Result(db.ApproximateSizeAsync()).ShouldBeGreaterThanOrEqualTo(0),
        ["compact"] = (_, db) => Done(db.CompactRangeAsync()),
        ["cache"] = (handle, _) =>
        {
            LevelCache cache = new(handle, "cache", TimeProvider.System);
            cache.Set("k", [1], new());
            cache.Get("k").ShouldBe([1]);
            cache.Refresh("k");
            cache.Remove("k");
            cache.GetString("k").ShouldBeNull();
        },
        ["writes-from-a-hook's-index"] = (_, db) =>
        {
            using IDisposable hook = db.PreWrite((change, batch) => batch.Put(db, "of " + change.Key, "1"));
            Done(db.PutAsync("h", "1"));
            Result(db.GetAsync("of h")).ShouldBe("1");
        },
    };

    public static TheoryData<Subject, string, string> Every => [.. from subject in Enum.GetValues<Subject>()
        from call in Calls.Keys
        from kind in Enum.GetNames<OwnThread.Kind>()
        select new TheoryDataRow<Subject, string, string>(subject, call, kind)];

    [Theory]
    [MemberData(nameof(Every))]
    public async Task A_call_that_is_blocked_on_returns(Subject subject, string call, string kind)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a", "b");
        Action blocked = () => Calls[call](subjects.HandleOf(subject), db);
        await NotOffered.OrAsync(subject, call, () => OwnThread.RunAsync(Enum.Parse<OwnThread.Kind>(kind), blocked).Soon());
    }

    [Theory]
    [InlineData("Bare")]
    [InlineData("WithContext")]
    [InlineData("WithScheduler")]
    public async Task A_whole_life_of_two_handles_may_be_blocked_on(string kind)
    {
        using TempDirectory directory = new();
        await OwnThread.RunAsync(Enum.Parse<OwnThread.Kind>(kind), () =>
        {
            RaveLevel first = RaveLevel.OpenAsync(directory["db"]).GetAwaiter().GetResult();
            RaveLevel second = RaveLevel.OpenAsync(directory["db"]).GetAwaiter().GetResult();
            Done(second.PutAsync("a", "1"));
            first.StepDownAsync().GetAwaiter().GetResult();
            Result(second.GetAsync("a")).ShouldBe("1");
            first.CloseAsync().GetAwaiter().GetResult();
            Done(second.PutAsync("a", "2"));
            Done(second.DisposeAsync());
            RaveLevel.RepairAsync(directory["db"]).GetAwaiter().GetResult().Copy.ShouldStartWith(directory["db"]);
            RaveLevel.DestroyAsync(directory["db"]).GetAwaiter().GetResult();
        }).Soon();
    }

    [Theory, EverySubject]
    public async Task Many_threads_that_block_at_once_all_get_their_answers(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => OwnThread.RunAsync(OwnThread.Kind.Bare, () =>
        {
            for (int round = 0; round < 50; round++)
            {
                Done(db.PutAsync($"{i}", $"{round}"));
                Result(db.GetAsync($"{i}")).ShouldBe($"{round}");
                Result(db.HasAsync("a")).ShouldBeTrue();
            }
        }))).Soon();
    }

    [Theory, EverySubject]
    public async Task A_caller_that_is_resumed_by_an_answer_may_block_on_the_next_call(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        // More than the pool has threads at first. It adds one or two a second, and all other tests wait for them too.
        ThreadPool.GetMinThreads(out int threads, out _);
        await Task.WhenAll(Enumerable.Range(0, threads + 4).Select(async i =>
        {
            await db.PutAsync($"{i}", "1").ConfigureAwait(false);
            Result(db.GetAsync($"{i}")).ShouldBe("1");
            Done(db.PutAsync($"{i}", "2"));
        })).Soon();
    }

    [Theory, EverySubject]
    public async Task A_step_of_a_walk_that_fails_throws_to_a_blocked_caller(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        await OwnThread.RunAsync(OwnThread.Kind.WithContext, () =>
            Should.Throw<ArgumentOutOfRangeException>(() => Walk(db.Keys(new() { Limit = -2 })))).Soon();
    }

    private static T Result<T>(ValueTask<T> call) => call.GetAwaiter().GetResult();

    private static void Done(ValueTask call) => call.GetAwaiter().GetResult();

    private static List<T> Walk<T>(IAsyncEnumerable<T> items)
    {
        List<T> all = [];
        IAsyncEnumerator<T> enumerator = items.GetAsyncEnumerator();
        while (Result(enumerator.MoveNextAsync()))
        {
            all.Add(enumerator.Current);
        }

        Done(enumerator.DisposeAsync());
        return all;
    }
}
