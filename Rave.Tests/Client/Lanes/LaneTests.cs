using System.Text.RegularExpressions;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// Operations that a follower submits while its leader is suspended wait behind the first one, which is in flight.
public sealed partial class LaneTests
{
    private static readonly RaveOptions Follows = new() { CanLead = false };

    [Fact]
    public async Task Operations_that_are_submitted_together_share_requests()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(leader.Location, Follows);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => db.PutAsync($"{i:0000}", $"{i}").AsTask())).Soon();
        string?[] values = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => db.GetAsync($"{i:0000}").AsTask())).Soon();
        values.ShouldBe(Enumerable.Range(0, 1000).Select(i => $"{i}"));
        (await db.GetManyAsync(["0001", "none", "0002"])).ShouldBe(["1", null, "2"]);

        string metrics = await leader.Http.GetStringAsync("/metrics");
        Requests(metrics, "/v1/batch").ShouldBeLessThan(200);
        Requests(metrics, "/v1/get-many").ShouldBeLessThan(200);
    }

    [Fact]
    public async Task Writes_of_every_kind_keep_their_order()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(leader.Location, Follows);
        List<Task> writes = [];
        for (int i = 0; i < 300; i++)
        {
            writes.Add((i % 5) switch
            {
                0 => db.PutAsync("a", $"{i}", new() { Sync = i % 50 == 0 }).AsTask(),
                1 => db.DeleteAsync("a").AsTask(),
                2 => db.PutIfAsync("a", $"{i}", Condition.Missing).AsTask(),
                3 => db.ClearAsync(new() { Gte = "a" }).AsTask(),
                _ => db.Batch().Put("a", $"{i}").Put($"b{i}", "").WriteAsync().AsTask(),
            });
        }

        await Task.WhenAll(writes).Soon();
        writes.OfType<Task<bool>>().ShouldAllBe(put => put.Result);
        (await db.Keys().ToArrayAsync()).ShouldBe(["a", "b299"]);
        (await db.GetAsync("a")).ShouldBe("299");
    }

    [Fact]
    public async Task A_cancelled_caller_gets_its_error_at_once_and_nothing_is_written()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(leader.Location, Follows);
        await db.PutAsync("warm", "");
        await leader.Process.SuspendAsync();
        using CancellationTokenSource gaveUp = new();
        Task first = db.PutAsync("a", "1").AsTask();
        Task before = db.PutAsync("b", "2").AsTask();
        Task cancelled = db.PutAsync("c", "3", default, gaveUp.Token).AsTask();
        Task after = db.PutAsync("d", "4").AsTask();
        await gaveUp.CancelAsync();
        await cancelled.ShouldThrowAsync<OperationCanceledException>();

        leader.Process.Signal(ChildProcess.Continue);
        await Task.WhenAll(first, before, after).Soon();
        (await db.Keys().ToArrayAsync()).ShouldBe(["a", "b", "d", "warm"]);
    }

    [Fact]
    public async Task Closing_fails_waiting_and_sent_operations()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(leader.Location, Follows);
        await leader.Process.SuspendAsync();
        Task[] pending = [db.PutAsync("a", "1").AsTask(), db.PutAsync("b", "2").AsTask(), db.GetAsync("a").AsTask(),
            db.GetAsync("b").AsTask(), db.GetAsync("c").AsTask()];
        await db.CloseAsync().Soon();
        foreach (Task operation in pending)
        {
            (await operation.ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_DATABASE_NOT_OPEN");
        }
    }

    [Fact]
    public async Task Waiting_operations_are_bounded_and_excess_ones_are_refused_at_once()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(leader.Location, Follows);
        await leader.Process.SuspendAsync();
        Task[] waiting = [.. Enumerable.Range(0, 100_001).Select(i => db.PutAsync("a", $"{i}").AsTask())];
        (await db.PutAsync("a", "one too many").AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_OVERLOADED");

        leader.Process.Signal(ChildProcess.Continue);
        await Task.WhenAll(waiting).Soon();
        (await db.GetAsync("a")).ShouldBe("100000");
    }

    [Fact]
    public async Task Operations_that_waited_for_a_dead_leader_go_before_later_writes()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(leader.Location);
        TaskCompletionSource leads = new();
        Task? own = null;
        db.BecameLeader += (_, _) =>
        {
            own = db.PutAsync("a", "own").AsTask();
            leads.SetResult();
        };
        await leader.Process.SuspendAsync();
        Task[] waiting = [.. Enumerable.Range(0, 500).Select(i => db.PutAsync("a", $"{i}").AsTask())];
        await leader.Process.KillAsync();
        await Task.WhenAll(waiting).Soon();
        await leads.Task.Soon();
        await own!.Soon();
        (await db.GetAsync("a")).ShouldBe("own");
    }

    [Fact]
    public async Task A_caller_that_blocks_on_another_caller_gets_its_result()
    {
        await using LiveLeader leader = await LiveLeader.StartAsync();
        await using RaveLevel db = await RaveLevel.OpenAsync(leader.Location, Follows);
        Task[] puts = new Task[50];
        await leader.Process.SuspendAsync();
        Task first = db.PutAsync("first", "").AsTask();
        puts[^1] = Task.CompletedTask;
        for (int i = 0; i < puts.Length - 1; i++)
        {
            int neighbour = i + 1;
            bool blocks = i == 0;
            puts[i] = PutThenBlockAsync(i, () => blocks ? puts[neighbour] : Task.CompletedTask);
        }

        leader.Process.Signal(ChildProcess.Continue);
        await Task.WhenAll([first, .. puts]).Soon();

        async Task PutThenBlockAsync(int key, Func<Task> other)
        {
            await db.PutAsync($"{key:00}", "");
            other().Wait(Waiting.Patience).ShouldBeTrue();
        }
    }

    private static int Requests(string metrics, string route) =>
        CountLine().Matches(metrics).Where(line => line.Value.Contains($"\"{route}\"", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Groups[1].Value));

    [GeneratedRegex(@"^\S*request\S*_count\{[^}]*\} (\d+)$", RegexOptions.Multiline)]
    private static partial Regex CountLine();
}
