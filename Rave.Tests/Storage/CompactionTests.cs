using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

public sealed class CompactionTests : IDisposable
{
    private const int KeyBytes = 64 << 10;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_large_range_is_compacted_in_steps_that_join_without_a_gap()
    {
        const long stepBytes = 256 << 10;
        using LevelDatabase database = Filled(entries: 4000, valueBytes: 1000);
        long all = database.ApproximateSize([], KeyRange.EndOfKeys(KeyBytes));
        KeyRange[] steps = [.. new Compaction(database, KeyBytes, Task.Run, stepBytes).Steps(new(null, null))];

        steps.Length.ShouldBeInRange((int)(all / stepBytes), (int)(2 * all / stepBytes) + 2);
        steps[0].Start.ShouldBeNull();
        steps[^1].End.ShouldBeNull();
        for (int i = 1; i < steps.Length; i++)
        {
            steps[i].Start.ShouldBe(steps[i - 1].End);
            steps[i].IsEmpty.ShouldBeFalse();
        }

        steps.ShouldAllBe(step => database.ApproximateSize(step.Start, step.End ?? KeyRange.EndOfKeys(KeyBytes)) <= stepBytes);
    }

    [Fact]
    public void A_small_range_is_one_step()
    {
        using LevelDatabase database = Filled(entries: 10, valueBytes: 10);
        new Compaction(database, KeyBytes, Task.Run).Steps(new([1], [2])).ShouldBe([new KeyRange([1], [2])], new SameRange());
    }

    [Fact]
    public void A_value_larger_than_a_step_is_a_separate_step()
    {
        using LevelDatabase database = Filled(entries: 8, valueBytes: 1 << 20);
        KeyRange[] steps = [.. new Compaction(database, KeyBytes, Task.Run, stepBytes: 64 << 10).Steps(new(null, null))];
        steps.Length.ShouldBeGreaterThan(3);
        steps.ShouldAllBe(step => database.ApproximateSize(step.Start, step.End ?? KeyRange.EndOfKeys(KeyBytes)) < 3 << 20);
    }

    [Fact]
    public async Task A_cancelled_compaction_ends_before_its_next_step()
    {
        using LevelDatabase database = Filled(entries: 10, valueBytes: 10);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(new Compaction(database, KeyBytes, Task.Run)
            .RunAsync(new(null, null), cancelled.Token));
    }

    [Fact]
    public async Task A_compaction_of_a_closed_store_fails_as_not_open()
    {
        LevelStore store = LevelStore.Open(_directory.Path, new(), create: true, new(), TimeProvider.System);
        await store.DisposeAsync();
        (await Should.ThrowAsync<RaveException>(store.CompactAsync(new(null, null), CancellationToken.None).AsTask())).Code
            .ShouldBe(ErrorCodes.DatabaseNotOpen);
        (await Should.ThrowAsync<RaveException>(async () => await store.ApproximateSizeAsync(new(null, null), CancellationToken.None))).Code
            .ShouldBe(ErrorCodes.DatabaseNotOpen);
    }

    [Theory]
    [InlineData("", "ff")]
    [InlineData("61", "62")]
    [InlineData("", "00")]
    [InlineData("6162", "616200000001")]
    [InlineData("00000000000000000000000000000001", "00000000000000000000000000000005")]
    [InlineData("ffffffffffffffff", "ffffffffffffffffff")]
    public void A_key_between_two_others_is_strictly_between_them(string low, string high)
    {
        byte[]? middle = KeyRange.Middle(Convert.FromHexString(low), Convert.FromHexString(high));
        if (middle is null)
        {
            // There is no key between "" and 00.
            high.ShouldBe("00");
            return;
        }

        middle.AsSpan().SequenceCompareTo(Convert.FromHexString(low)).ShouldBePositive();
        middle.AsSpan().SequenceCompareTo(Convert.FromHexString(high)).ShouldBeNegative();
    }

    [Fact]
    public async Task No_write_runs_during_a_step_and_waiting_writes_run_after_it()
    {
        using LevelDatabase database = Filled(entries: 1, valueBytes: 1);
        using WriteQueue queue =
            new(database, new ChangeFeed(1), Sessions.Load(database, 1, TimeProvider.System), new Limits(), refusal: null);
        using ManualResetEventSlim goOn = new();
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task step = queue.RunAsync(() =>
        {
            began.SetResult();
            goOn.Wait(Waiting.Patience).ShouldBeTrue();
        });
        await began.Task.Soon();

        queue.TryWrite(OperationType.Put, "a"u8, "1"u8).ShouldBeFalse();
        using StoreBatch batch = new(new Limits());
        Task write = queue.WriteAsync(batch.Put("a"u8, "1"u8), sync: true).AsTask();
        database.Get("a"u8).ShouldBeNull();
        goOn.Set();

        await step.Soon();
        await write.Soon();
        database.Get("a"u8).ShouldBe("1"u8.ToArray());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task A_compaction_that_is_cancelled_in_its_last_step_completes(int steps, bool isCancelled)
    {
        using LevelDatabase database = Filled(entries: 4, valueBytes: 1 << 20);
        database.Compact(null, null);
        using CancellationTokenSource source = new();
        Compaction compaction = new(database, new Limits().KeyBytes, _ =>
            source.CancelAsync(), stepBytes: steps == 1 ? long.MaxValue : 2 << 20);
        Task done = compaction.RunAsync(new(null, null), source.Token);
        if (isCancelled)
        {
            await done.Soon().ShouldThrowAsync<OperationCanceledException>();
        }
        else
        {
            await done.Soon();
        }
    }

    [Fact]
    public async Task A_step_that_fails_is_reported_to_its_caller_and_the_queue_continues()
    {
        using LevelDatabase database = Filled(entries: 1, valueBytes: 1);
        using WriteQueue queue =
            new(database, new ChangeFeed(1), Sessions.Load(database, 1, TimeProvider.System), new Limits(), refusal: null);

        (await queue.RunAsync(() => throw new InvalidOperationException("a bug")).Soon().ShouldThrowAsync<RaveException>()).Message
            .ShouldContain("a bug");

        queue.TryWrite(OperationType.Put, "a"u8, "1"u8).ShouldBeTrue();
    }

    private LevelDatabase Filled(int entries, int valueBytes)
    {
        LevelDatabase database = LevelDatabase.Open(_directory.Path, new(), create: true);
        Random random = new(1);
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < entries; i++)
        {
            random.NextBytes(value);
            database.Put(System.Text.Encoding.ASCII.GetBytes($"users/{i:d8}"), value, sync: false);
        }

        database.Compact(null, null);
        return database;
    }

    private sealed class SameRange : IEqualityComparer<KeyRange>
    {
        public bool Equals(KeyRange x, KeyRange y) => x.Start.AsSpan().SequenceEqual(y.Start) && x.End.AsSpan().SequenceEqual(y.End);

        public int GetHashCode(KeyRange range) => 0;
    }
}
