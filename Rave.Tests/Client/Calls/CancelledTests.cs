using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// Calls with a cancelled token read, write and consume nothing, on leaders and followers and with buffered entries.
public sealed class CancelledTests(Subjects subjects) : IClassFixture<Subjects>
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    // More than the first page, so that a prefetched page is among the buffered entries.
    private static readonly string[] Many = [.. Enumerable.Range(0, 700).Select(i => $"k{i:0000}")];

    [Theory]
    [EverySubject("next", 1)]
    [EverySubject("next", 99)]
    [EverySubject("next", 100)]
    [EverySubject("next", 350)]
    [EverySubject("next-many", 1)]
    [EverySubject("next-many", 100)]
    [EverySubject("next-many", 350)]
    [EverySubject("all", 0)]
    [EverySubject("all", 1)]
    [EverySubject("all", 350)]
    public async Task An_iterator_stays_where_it_was(Subject subject, string operation, int taken)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Many);
        await using RangeIterator<string, string> iterator = db.Iterator();
        List<string> seen = [];
        for (int i = 0; i < taken; i++)
        {
            seen.Add((await iterator.NextAsync())!.Value.Key);
        }

        for (int i = 0; i < 3; i++)
        {
            await ShouldBeCancelledAsync(async () => await CallAsync(iterator, operation));
            iterator.Count.ShouldBe(seen.Count);
            seen.Add((await iterator.NextAsync())!.Value.Key);
        }

        seen.AddRange((await iterator.AllAsync()).Select(entry => entry.Key));
        seen.ShouldBe(Many);
    }

    [Theory]
    [EverySubject("next")]
    [EverySubject("next-many")]
    [EverySubject("all")]
    public async Task An_iterator_at_its_end_reports_it_only_to_later_calls(Subject subject, string operation)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        await using RangeIterator<string, string> iterator = db.Iterator();
        (await iterator.NextManyAsync(2)).Count.ShouldBe(1);
        await ShouldBeCancelledAsync(async () => await CallAsync(iterator, operation));
        (await iterator.NextAsync()).ShouldBeNull();
    }

    [Theory, EverySubject]
    public async Task A_walk_that_is_cancelled_after_its_last_entry_throws(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        using CancellationTokenSource source = new();
        await using IAsyncEnumerator<string> keys = db.Keys(cancellationToken: source.Token).GetAsyncEnumerator();
        (await keys.MoveNextAsync()).ShouldBeTrue();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await keys.MoveNextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_walk_obeys_the_tokens_of_its_call_and_of_its_loop(bool makers)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(Subject.Follower, Many);
        using CancellationTokenSource maker = new();
        using CancellationTokenSource loop = new();
        int seen = 0;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (string _ in db.Keys(cancellationToken: maker.Token).WithCancellation(loop.Token))
            {
                seen++;
                await (makers ? maker : loop).CancelAsync();
            }
        });
        seen.ShouldBe(1);
    }

    [Theory, EverySubject]
    public async Task A_write_batch_can_still_be_written(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        WriteBatch<string, string> batch = db.Batch().Put("a", "1");
        await ShouldBeCancelledAsync(async () => await batch.WriteAsync(default, Cancelled));
        (await db.CountAsync()).ShouldBe(0);
        await batch.WriteAsync();
        (await db.GetAsync("a")).ShouldBe("1");
    }

    [Theory]
    [EverySubject(0)]
    [EverySubject(1)]
    public async Task Reading_many_keys_throws_for_any_number_of_keys(Subject subject, int keys)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        string[] many = [.. Enumerable.Repeat("a", keys)];
        await ShouldBeCancelledAsync(async () => await db.GetManyAsync(many, default, Cancelled));
        await ShouldBeCancelledAsync(async () => await db.HasManyAsync(many, default, Cancelled));
        await ShouldBeCancelledAsync(
            async () => await db.BatchAsync(many.Select(BatchOperation.Delete<string, string>), default, Cancelled));
    }

    [Theory, EverySubject]
    public async Task No_hook_sees_a_cancelled_write(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        List<string> recorded = [];
        using IDisposable hook = db.PreWrite((change, _) => recorded.Add(change.Key));
        await ShouldBeCancelledAsync(async () => await db.PutAsync("a", "1", default, Cancelled));
        await ShouldBeCancelledAsync(async () => await db.BatchAsync([BatchOperation.Delete("a")], default, Cancelled));
        recorded.ShouldBeEmpty();
    }

    [Theory, EverySubject]
    public async Task A_cancelled_feed_delivers_no_buffered_change(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        using CancellationTokenSource source = new();
        await using IAsyncEnumerator<Change<string, string>> changes = db.ChangesAsync(cancellationToken: source.Token)
            .GetAsyncEnumerator();
        (await changes.MoveNextAsync()).ShouldBeTrue();
        await db.Batch().Put("a", "1").Put("b", "2").WriteAsync();
        (await changes.MoveNextAsync().AsTask().Soon()).ShouldBeTrue();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await changes.MoveNextAsync());
    }

    private static async Task CallAsync(RangeIterator<string, string> iterator, string operation)
    {
        switch (operation)
        {
            case "next": await iterator.NextAsync(Cancelled); break;
            case "next-many": await iterator.NextManyAsync(150, Cancelled); break;
            default: await iterator.AllAsync(Cancelled); break;
        }
    }

    private static async Task ShouldBeCancelledAsync(Func<Task> call) =>
        (await Should.ThrowAsync<OperationCanceledException>(call)).CancellationToken.ShouldBe(Cancelled);
}
