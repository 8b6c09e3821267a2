using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed partial class EventTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_write_is_reported_with_its_changes_before_its_call_returns(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        List<string> seen = [];
        db.Written += (_, write) => seen.Add(Text(write));

        await db.PutAsync("a", "1");
        await db.DeleteAsync("a");
        await db.BatchAsync([BatchOperation.Put("b", "2"), BatchOperation.Delete("c")]);
        await db.BatchAsync([]);
        await db.Batch().Put("d", "4").Check("d", Condition.Missing).WriteAsync();
        (await db.PutIfAbsentAsync("d", "5")).ShouldBeFalse();
        (await db.PutIfAbsentAsync("e", "5")).ShouldBeTrue();
        (await db.PutAsync(new string('x', 100_000), "").AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_TOO_LARGE");

        seen.ShouldBe(["Put a=1", "Delete a", "Put b=2, Delete c", "Put d=4", "Put e=5"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_level_reports_writes_to_its_keys_by_any_level(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<string, long> numbers = db.Sublevel("numbers", Encodings.Int64);
        List<string> all = [];
        List<string> own = [];
        db.Written += (_, write) => all.AddRange(write.Changes.Select(change => change.Key));
        numbers.Written += (_, write) => own.Add(Text(write));

        await numbers.PutAsync("a", -1);
        await db.Batch().Put("x", "1").Put(db.Sublevel("numbers", Encodings.Int64), "b", 2).WriteAsync();
        await db.PutAsync("y", "2");

        all.ShouldBe(["!numbers!a", "x", "!numbers!b", "y"]);
        own.ShouldBe(["Put a=-1", "Put b=2"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_clear_is_reported_with_its_range_to_the_levels_that_it_covers(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        RaveLevel db = shared.Db;
        Sublevel<string, string> users = db.Sublevel("users");
        List<string> seen = [];
        db.Cleared += (_, clear) => seen.Add($"db: {clear.Range?.Gte.Key} {clear.Change.Touches("b")} {clear.Change.Touches("!users!a")}");
        users.Cleared += (_, clear) => seen.Add($"users: {clear.Range is not null} {clear.Change.Touches("a")}");
        db.Sublevel("others").Cleared += (_, _) => seen.Add("others");
        db.Written += (_, _) => seen.Add("write");

        await db.ClearAsync(new() { Gte = "a" });
        await users.ClearAsync(new() { Gt = "a" });
        await db.ClearAsync(new() { Prefix = "!users!" });

        seen.ShouldBe(["db: a True False", "db:  False False", "users: True False", "db:  False True", "users: False True"],
            ignoreOrder: false);
    }

    [Fact]
    public async Task A_failing_subscriber_affects_neither_the_write_nor_the_others()
    {
        using TempDirectory directory = new();
        using HeardLogs logs = new();
        await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"], new() { LoggerFactory = logs });
        int seen = 0;
        db.Written += (_, _) => throw new InvalidOperationException("mine");
        db.Written += Count;

        await db.PutAsync("a", "1");
        seen.ShouldBe(1);
        logs.Lines.ShouldContain(line => line.Contains("mine", StringComparison.Ordinal));

        db.Written -= Count;
        await db.PutAsync("a", "2");
        seen.ShouldBe(1);

        void Count(object? sender, WriteEventArgs<string, string> write) => seen++;
    }

    [Fact]
    public async Task A_handle_that_closes_raises_StatusChanged_for_every_status_and_its_operations_are_refused_by_then()
    {
        using TempDirectory directory = new();
        RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
        db.Status.ShouldBe(LevelStatus.Open);
        List<string> seen = [];
        db.StatusChanged += (sender, status) =>
        {
            sender.ShouldBeSameAs(db);
            Exception? failure = db.PutAsync("a", "1").AsTask().Exception?.InnerException;
            seen.Add($"{status} {db.Status} {db.CloseAsync().IsCompleted} {failure is RaveException { Code: "LEVEL_DATABASE_NOT_OPEN" }}");
        };
        db.StatusChanged += Removed;
        db.StatusChanged -= Removed;
        await db.CloseAsync();
        await db.CloseAsync();
        seen.ShouldBe(["Closing Closing False True", "Closed Closed False True"]);

        void Removed(object? sender, LevelStatus status) => seen.Add("removed");
    }

    [Fact]
    public async Task A_subscriber_that_throws_or_blocks_while_a_handle_closes_holds_up_neither_the_others_nor_the_lock()
    {
        using TempDirectory directory = new();
        using HeardLogs logs = new();
        RaveLevel db = await RaveLevel.OpenAsync(directory["db"], new() { LoggerFactory = logs });
        TaskCompletionSource blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim free = new();
        List<LevelStatus> seen = [];
        db.StatusChanged += (_, status) => throw new InvalidOperationException($"mine: {status}");
        db.StatusChanged += (_, status) => seen.Add(status);
        db.StatusChanged += (_, _) =>
        {
            blocked.TrySetResult();
            free.Wait(Waiting.Patience).ShouldBeTrue();
        };
        Task closed = Task.Run(db.CloseAsync);
        await blocked.Task.Soon();
        await using RaveLevel next = await RaveLevel.OpenAsync(directory["db"]);
        TaskCompletionSource leads = new(TaskCreationOptions.RunContinuationsAsynchronously);
        next.BecameLeader += (_, _) => leads.TrySetResult();
        await (next.IsLeader ? Task.CompletedTask : leads.Task).Soon();
        closed.IsCompleted.ShouldBeFalse();
        free.Set();
        await closed.Soon();
        seen.ShouldBe([LevelStatus.Closing, LevelStatus.Closed]);
        logs.Lines.Count(line => line.Contains("mine: ", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Writes_are_reported_across_a_failover()
    {
        using TempDirectory directory = new();
        RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel follower = await RaveLevel.OpenAsync(directory["db"]);
        List<string> seen = [];
        follower.Written += (_, write) => seen.Add(Text(write));
        await follower.PutAsync("a", "1");
        await leader.CloseAsync();
        await follower.PutAsync("b", "2").AsTask().Soon();
        seen.ShouldBe(["Put a=1", "Put b=2"]);
        follower.IsLeader.ShouldBeTrue();
    }

    private static string Text<TValue>(WriteEventArgs<string, TValue> write) => string.Join(
        ", ", write.Changes.Select(change =>
            change.Kind == ChangeKind.Put ? $"Put {change.Key}={change.Value}" : $"{change.Kind} {change.Key}"));
}
