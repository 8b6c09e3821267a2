using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// Properties of a database in memory that the conformance tests do not cover.
public sealed class MemoryTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Every_handle_has_its_own_data_which_ends_with_it()
    {
        await using RaveLevel one = await RaveLevel.OpenInMemoryAsync();
        await using RaveLevel<string, long> other = await RaveLevel.OpenInMemoryAsync(Encodings.Utf8, Encodings.Int64);
        await one.PutAsync("a", "1");
        await other.PutAsync("a", 2);
        (await one.GetAsync("a")).ShouldBe("1");
        (await other.GetAsync("a")).ShouldBe(2);
        one.IsLeader.ShouldBeTrue();
        one.LeaderInfo!.Pid.ShouldBe(Environment.ProcessId);
        await one.CloseAsync();
        (await Should.ThrowAsync<RaveException>(async () => await one.GetAsync("a"))).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        (await other.GetAsync("a")).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clear_is_reported_as_a_range_and_a_clear_of_a_snapshot_as_its_keys(bool ofSnapshot)
    {
        await using RaveLevel db = await RaveLevel.OpenInMemoryAsync();
        await db.Batch().Put("a", "1").Put("c", "3").WriteAsync();
        await using Snapshot snapshot = await db.SnapshotAsync();
        await db.PutAsync("b", "2");
        await using IAsyncEnumerator<Change<string, string>> feed = db.ChangesAsync().GetAsyncEnumerator(None);
        (await NextAsync(feed)).Kind.ShouldBe(ChangeKind.Gap);

        await db.ClearAsync(ofSnapshot ? new() { Snapshot = snapshot } : new() { Reverse = true });
        await db.PutAsync("z", "26");

        if (ofSnapshot)
        {
            (await NextAsync(feed)).Key.ShouldBe("a");
            (await NextAsync(feed)).Key.ShouldBe("c");
            (await db.Keys().ToArrayAsync(None)).ShouldBe(["b", "z"]);
        }
        else
        {
            Change<string, string> clear = await NextAsync(feed);
            clear.Kind.ShouldBe(ChangeKind.Clear);
            new[] { "a", "b", "c" }.ShouldAllBe(key => clear.Touches(key));
            clear.Touches("d").ShouldBeFalse();
            (await db.Keys().ToArrayAsync(None)).ShouldBe(["z"]);
        }

        (await NextAsync(feed)).Key.ShouldBe("z");
    }

    [Fact]
    public async Task A_snapshot_ends_after_its_time_to_live_and_their_number_is_limited()
    {
        FakeTime time = new();
        await using RaveLevel db = await RaveLevel.OpenInMemoryAsync(new() { TimeProvider = time, Limits = new() { Snapshots = 2 } });
        await db.PutAsync("a", "1");
        TimeSpan minute = TimeSpan.FromMinutes(1);
        await using Snapshot used = await db.SnapshotAsync(minute);
        await using Snapshot unused = await db.SnapshotAsync(minute);
        await db.PutAsync("a", "2");
        (await Should.ThrowAsync<RaveException>(async () => await db.SnapshotAsync(minute))).Code.ShouldBe(ErrorCodes.TooMany);

        time.Advance(minute / 2);
        (await db.GetAsync("a", new ReadOptions { Snapshot = used })).ShouldBe("1");
        time.Advance(minute / 2);
        (await db.GetAsync("a", new ReadOptions { Snapshot = used })).ShouldBe("1");
        ReadOptions late = new() { Snapshot = unused };
        RaveException expired = await Should.ThrowAsync<RaveException>(async () => await db.GetAsync("a", late));
        expired.Code.ShouldBe(ErrorCodes.SnapshotNotOpen);
        await using Snapshot next = await db.SnapshotAsync(minute);
        (await db.GetAsync("a", new ReadOptions { Snapshot = next })).ShouldBe("2");
    }

    [Fact]
    public async Task Pages_are_limited_in_bytes_and_a_walk_reads_all_of_them_in_both_directions()
    {
        await using RaveLevel db = await RaveLevel.OpenInMemoryAsync(new() { Limits = new() { PageBytes = 2_000 } });
        string[] keys = [.. Enumerable.Range(0, 100).Select(i => $"{i:000}")];
        await db.BatchAsync(keys.Select(key => BatchOperation.Put(key, new string('x', 500))));
        (await db.Keys().ToArrayAsync(None)).ShouldBe(keys);
        (await db.Keys(new() { Reverse = true }).ToArrayAsync(None)).ShouldBe(keys.Reverse());
        (await db.CountAsync(new() { Gt = "010", Lte = "020" })).ShouldBe(10);
        (await db.ApproximateSizeAsync("010", "020")).ShouldBe(10 * 503);
    }

    [Fact]
    public async Task Each_of_many_concurrent_increments_counts_once()
    {
        await using RaveLevel<string, long> db = await RaveLevel.OpenInMemoryAsync(Encodings.Utf8, Encodings.Int64);
        await db.PutAsync("n", 0);
        await Parallel.ForAsync(0, 1_000, async (_, cancellationToken) =>
        {
            long seen;
            do
            {
                seen = await db.GetAsync("n", cancellationToken);
            }
            while (!await db.CompareAndSetAsync("n", seen, seen + 1, default, cancellationToken));
        });
        (await db.GetAsync("n")).ShouldBe(1_000);
    }

    private static async Task<Change<string, string>> NextAsync(IAsyncEnumerator<Change<string, string>> feed)
    {
        (await feed.MoveNextAsync().AsTask().Soon()).ShouldBeTrue();
        return feed.Current;
    }
}
