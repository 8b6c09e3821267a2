using System.Buffers.Binary;
using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

// A clear runs in chunks, but is applied once: each chunk records the progress in its own batch.
public sealed class SessionClearTests : IDisposable
{
    // Several chunks of 10,000.
    private const int Entries = 25_000;
    private static readonly IdempotencyKey Once = new("0123456789abcdef", 1);

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clear_that_its_leader_did_not_finish_continues_at_the_next_leader(bool reverse)
    {
        Scan scan = new() { Limit = 22_000, Reverse = reverse };
        await using (LevelStore store = Open())
        {
            await FillAsync(store);
            await ClearPartAsync(store, reverse, count: 10_000, left: 12_000);
        }

        await using LevelStore next = Open();
        await next.PutAsync(reverse ? KeyOf(Entries - 1) : KeyOf(0), Array.Empty<byte>(), sync: false);
        await next.ClearAsync(scan, sync: false, Once, CancellationToken.None);
        next.Count(new KeyRange(null, null), null, CancellationToken.None)
            .ShouldBe(Entries - 22_000 + 1, "keys after it stay, and the limit counts both parts");
        await next.ClearAsync(scan, sync: false, Once, CancellationToken.None);
        next.Count(new KeyRange(null, null), null, CancellationToken.None).ShouldBe(Entries - 22_000 + 1);
    }

    [Fact]
    public async Task Two_attempts_of_a_clear_at_the_same_time_delete_as_much_as_one()
    {
        await using LevelStore store = Open();
        await FillAsync(store);
        Scan scan = new() { Limit = 22_000 };
        await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => Task.Run(() => store.ClearAsync(scan, sync: true, Once, CancellationToken.None).AsTask())));
        store.Count(new KeyRange(null, null), null, CancellationToken.None).ShouldBe(Entries - 22_000);
    }

    [Fact]
    public async Task An_abandoned_clear_ends_when_the_next_write_of_its_session_begins()
    {
        await using LevelStore store = Open();
        await FillAsync(store);
        await ClearPartAsync(store, reverse: false, count: 10_000, left: Scan.Unlimited);
        (await Should.ThrowAsync<RaveException>(store.PutAsync(KeyOf(0), KeyOf(0), sync: false, new SessionWrite(Once)).AsTask())).Code
            .ShouldBe(ErrorCodes.StaleRetry);
        await store.PutAsync(KeyOf(0), KeyOf(0), sync: false, new SessionWrite(new(Once.Session, 2)));
        (await Should.ThrowAsync<RaveException>(store.ClearAsync(new Scan(), sync: false, Once, CancellationToken.None).AsTask())).Code
            .ShouldBe(ErrorCodes.StaleRetry);
        store.Count(new KeyRange(null, null), null, CancellationToken.None).ShouldBe(Entries - 10_000 + 1);
    }

    // Whenever it is closed: before the first chunk, after the last one, or in between.
    [Fact]
    public async Task A_clear_without_a_session_whose_store_is_closed_says_how_many_entries_it_has_deleted()
    {
        LevelStore store = Open();
        await FillAsync(store);
        IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        Task clear = Task.Run(() => store.ClearAsync(new() { Limit = 22_000 }, sync: true, CancellationToken.None).AsTask());
        await feed.WaitAsync(CancellationToken.None).Soon();
        await store.DisposeAsync();
        RaveException? stopped = await Record.ExceptionAsync(() => clear.Soon()) as RaveException;
        (stopped?.Code ?? ErrorCodes.DatabaseNotOpen).ShouldBe(ErrorCodes.DatabaseNotOpen);
        (stopped?.MayHaveBeenApplied).ShouldBe(stopped is null ? null : stopped.Deleted is not null);
        await using LevelStore next = Open();
        next.Count(new KeyRange(null, null), null, CancellationToken.None)
            .ShouldBe(Entries - (stopped is null ? 22_000 : stopped.Deleted ?? 0));
    }

    [Fact]
    public async Task A_completed_clear_is_answered_after_its_snapshot_is_gone()
    {
        await using LevelStore store = Open();
        string snapshot = store.Snapshots.Open(TimeSpan.FromMinutes(1)).Id;
        Scan scan = new() { Snapshot = snapshot };
        await store.ClearAsync(scan, sync: false, Once, CancellationToken.None);
        store.Snapshots.End(snapshot);
        await store.ClearAsync(scan, sync: false, Once, CancellationToken.None);
        (await Should.ThrowAsync<RaveException>(store.ClearAsync(scan, sync: false, Once with { Number = 2 }, CancellationToken.None)
            .AsTask())).Code.ShouldBe(ErrorCodes.SnapshotNotOpen);
    }

    // As a clear leaves it whose leader died between two chunks.
    private static async Task ClearPartAsync(LevelStore store, bool reverse, int count, long left)
    {
        int[] cleared = [.. Enumerable.Range(reverse ? Entries - count : 0, count)];
        SessionWrite write = new(Once) { IsClear = true, Then = new(KeyOf(reverse ? cleared[0] : cleared[^1]), left) };
        using StoreBatch chunk = new(store.Limits) { Session = write };
        foreach (int i in cleared)
        {
            chunk.DeleteStored(KeyOf(i));
        }

        await store.WriteAsync(chunk, sync: false);
    }

    private static async Task FillAsync(LevelStore store)
    {
        using StoreBatch batch = new(store.Limits);
        for (int i = 0; i < Entries; i++)
        {
            batch.Put(KeyOf(i), []);
        }

        await store.WriteAsync(batch, sync: false);
    }

    private static byte[] KeyOf(int i)
    {
        byte[] key = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(key, i);
        return key;
    }

    private LevelStore Open() => LevelStore.Open(_directory.Path, new(), create: true, new Limits(), TimeProvider.System);
}
