using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

public sealed class StoreSnapshotTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly byte[] Key = [1];

    private readonly TempDirectory _directory = new();
    private readonly FakeTime _time = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_unused_snapshot_expires_and_is_swept()
    {
        await using LevelStore store = Open();
        string id = store.Snapshots.Open(Minute).Id;
        _time.Advance(Minute - Second);
        store.Snapshots.Count.ShouldBe(1);
        _time.Advance(2 * Second);
        store.Snapshots.Count.ShouldBe(0);
        Refused(() => store.Get(Key, id));
    }

    [Fact]
    public async Task An_expired_snapshot_is_refused_also_before_it_is_swept()
    {
        await using LevelStore store = Open();
        string id = store.Snapshots.Open(1.5 * Second).Id;
        _time.Advance(1.4 * Second);
        store.Get(Key, id);
        _time.Advance(1.5 * Second);
        store.Snapshots.Count.ShouldBe(1);
        Refused(() => store.Get(Key, id));
        Refused(() => store.Snapshots.End(id));
        _time.Advance(Second);
        store.Snapshots.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Every_use_renews()
    {
        await using LevelStore store = Open();
        await store.PutAsync(Key, Key, sync: false);
        string id = store.Snapshots.Open(Minute).Id;
        await store.DeleteAsync(Key, sync: false);
        Action[] uses =
        [
            () => store.Get(Key, id).ShouldBe(Key),
            () => store.GetMany([Key], (_, value) => value.ShouldBe(Key), id),
            () => store.HasMany([Key], id).ShouldBe([true]),
            () => store.Count(RangeBounds.All.ToRange(), id, CancellationToken.None).ShouldBe(1),
            () => store.ReadPage(new Scan { Snapshot = id }, 10, (_, value) => value.ToArray().ShouldBe(Key)).ShouldBeNull(),
            () => store.ClearAsync(new Scan { Snapshot = id }, sync: false,
                CancellationToken.None).AsTask().IsCompletedSuccessfully.ShouldBeTrue(),
            () => store.Get(Key, id).ShouldBe(Key),
        ];
        foreach (Action use in uses)
        {
            _time.Advance(Minute - Second);
            use();
        }

        _time.Advance(Minute);
        Refused(() => store.Get(Key, id));
    }

    [Fact]
    public async Task A_snapshot_that_is_being_used_does_not_expire_and_counts_from_the_end_of_its_use()
    {
        await using LevelStore store = Open();
        await store.PutAsync(Key, Key, sync: false);
        string id = store.Snapshots.Open(Minute).Id;
        await foreach (Page page in store.ReadPagesAsync(new Scan { Snapshot = id }, pageBytes: 1, CancellationToken.None))
        {
            page.Dispose();
            _time.Advance(10 * Minute);
        }

        _time.Advance(Minute - Second);
        store.Get(Key, id).ShouldBe(Key);
    }

    [Fact]
    public async Task A_snapshot_that_is_ended_while_a_page_reads_it_is_released_only_afterwards()
    {
        await using LevelStore store = Open();
        List<byte[]> keys = [[1], [2], [3]];
        foreach (byte[] key in keys)
        {
            await store.PutAsync(key, key, sync: false);
        }

        string id = store.Snapshots.Open(Minute).Id;
        await store.ClearAsync(new Scan(), sync: false, CancellationToken.None);
        List<byte[]> seen = [];
        await foreach (Page page in store.ReadPagesAsync(new Scan { Snapshot = id }, pageBytes: 1, CancellationToken.None))
        {
            if (seen.Count == 0)
            {
                store.Snapshots.End(id);
                Refused(() => store.Get(Key, id));
            }

            page.TryTake(out _, out ReadOnlySpan<byte> value).ShouldBeTrue();
            seen.Add(value.ToArray());
            page.Dispose();
        }

        seen.ShouldBe(keys);
    }

    [Fact]
    public async Task Closing_the_store_ends_them_all_and_waits_for_those_in_use()
    {
        LevelStore store = Open();
        await store.PutAsync(Key, Key, sync: false);
        string[] ids = [.. Enumerable.Range(0, 10).Select(_ => store.Snapshots.Open(Minute).Id)];
        Task? closing = null;
        byte[]? seen = null;
        await foreach (Page page in store.ReadPagesAsync(new Scan { Snapshot = ids[0], Limit = 1 }, pageBytes: 1, CancellationToken.None))
        {
            page.TryTake(out _, out ReadOnlySpan<byte> value).ShouldBeTrue();
            seen = value.ToArray();
            closing ??= store.DisposeAsync().AsTask();
            closing.IsCompleted.ShouldBeFalse();
            page.Dispose();
        }

        seen.ShouldBe(Key);
        await closing!.Soon();
        store.Snapshots.Count.ShouldBe(0);
        Should.Throw<RaveException>(() => store.Get(Key, ids[1])).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
        Should.Throw<RaveException>(() => store.Snapshots.Open(Minute)).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
    }

    [Fact]
    public async Task A_snapshot_of_an_earlier_opening_is_not_open()
    {
        string id;
        await using (LevelStore first = Open())
        {
            id = first.Snapshots.Open(Minute).Id;
        }

        await using LevelStore second = Open();
        second.Snapshots.Open(Minute).Id.ShouldNotBe(id);
        Refused(() => second.Get(Key, id));
    }

    [Fact]
    public async Task No_more_snapshots_than_the_limit_are_open()
    {
        await using LevelStore store = LevelStore.Open(_directory.Path, new(), create: true, new Limits { Snapshots = 3 }, _time);
        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => store.Snapshots.Open(Minute).Id)];
        Should.Throw<RaveException>(() => store.Snapshots.Open(Minute)).Code.ShouldBe(ErrorCodes.TooMany);
        store.Snapshots.End(ids[0]);
        store.Snapshots.Open(2 * Minute);
        _time.Advance(Minute + Second);
        store.Snapshots.Count.ShouldBe(1);
        store.Snapshots.Open(Minute);
        store.Snapshots.Open(Minute);
    }

    [Fact]
    public async Task A_clear_of_a_snapshot_in_many_chunks_deletes_only_its_keys()
    {
        await using LevelStore store = Open();
        await FillAsync(store, part: 0, keys: 25_000);
        string id = store.Snapshots.Open(Minute).Id;
        await FillAsync(store, part: 1, keys: 100);
        await store.PutAsync(new byte[] { 0, 0, 7 }, Key, sync: false);
        await store.ClearAsync(new Scan { Snapshot = id }, sync: false, CancellationToken.None);
        store.Count(RangeBounds.All.ToRange(), CancellationToken.None).ShouldBe(100);
        store.Count(RangeBounds.All.ToRange(), id, CancellationToken.None).ShouldBe(25_000);
        store.Count(KeyRange.OfPrefix([1]), CancellationToken.None).ShouldBe(100);
    }

    [Fact]
    public async Task A_snapshot_that_is_not_open_is_refused_even_if_nothing_would_be_read()
    {
        await using LevelStore store = Open();
        await store.PutAsync(Key, Key, sync: false);
        Refused(() => store.ReadPage(new Scan { Snapshot = "none", Limit = 0 }, 1, (_, _) => { }));
        Refused(() => store.GetMany([], (_, _) => { }, "none"));
        Refused(() => store.HasMany([], ""));
        Refused(() => store.Count(new KeyRange([2], [1]), "none", CancellationToken.None));
        Task clear = store.ClearAsync(new Scan { Snapshot = "none", Limit = 0 }, sync: false, CancellationToken.None).AsTask();
        (await Should.ThrowAsync<RaveException>(clear)).Code.ShouldBe(ErrorCodes.SnapshotNotOpen);
    }

    [Fact]
    public async Task Snapshots_are_opened_and_ended_among_readers_writers_and_the_sweep()
    {
        await using LevelStore store = LevelStore.Open(_directory.Path, new(), create: true, new Limits(), TimeProvider.System);
        await store.PutAsync(Key, BitConverter.GetBytes(0), sync: false);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 1; i < 200; i++)
            {
                string id = store.Snapshots.Open(Second).Id;
                byte[]? before = store.Get(Key, id);
                await store.PutAsync(Key, BitConverter.GetBytes(i), sync: false);
                store.Get(Key, id).ShouldBe(before);
                store.Snapshots.End(id);
            }
        })));
        store.Snapshots.Count.ShouldBe(0);
    }

    private static async Task FillAsync(LevelStore store, byte part, int keys)
    {
        using StoreBatch batch = new(store.Limits);
        for (int i = 0; i < keys; i++)
        {
            batch.Put([part, (byte)(i / 256), (byte)i], Key);
        }

        await store.WriteAsync(batch, sync: false);
    }

    private static void Refused(Action use) => Should.Throw<RaveException>(use).Code.ShouldBe(ErrorCodes.SnapshotNotOpen);

    private LevelStore Open() => LevelStore.Open(_directory.Path, new(), create: true, new Limits(), _time);
}
