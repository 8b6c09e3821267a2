using Rave.Client;
using Rave.Etcd;
using Rave.Etcd.Snapshots;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

[Collection(EtcdSuite.Name)]
public sealed class SnapshotTests(SharedMember member)
{
    private static readonly byte[] Key = "k"u8.ToArray();
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Every_read_from_a_snapshot_shows_its_revision_also_through_another_store()
    {
        string name = EtcdStores.NewName();
        EtcdMember[] members = [await member.MemberAsync()];
        using EtcdStore store = await EtcdStores.OpenAsync(members, name);
        using EtcdStore other = await EtcdStores.OpenAsync(members, name);
        await store.PutAsync(Key, "1"u8.ToArray(), sync: false);
        string snapshot = (await store.OpenSnapshotAsync(Minute, CancellationToken.None)).Id;
        await store.DeleteAsync(Key, sync: false);
        await store.PutAsync("later"u8.ToArray(), default, sync: false);
        foreach (EtcdStore reader in new[] { store, other })
        {
            (await reader.GetAsync(Key, snapshot)).ShouldBe("1"u8.ToArray());
            reader.Has("later"u8.ToArray(), snapshot).ShouldBeFalse();
            reader.HasMany([Key, "later"u8.ToArray()], snapshot).ShouldBe([true, false]);
            (await reader.CountAsync(snapshot: snapshot)).ShouldBe(1);
            (await reader.KeysAsync(new() { Snapshot = snapshot })).ShouldBe([Key]);
            (await reader.KeysAsync(new() { Snapshot = snapshot, Reverse = true })).ShouldBe([Key]);
        }
    }

    [Fact]
    public async Task A_snapshot_ends_when_it_is_deleted_or_unused_and_other_ids_are_refused()
    {
        using EtcdStore store = await member.OpenAsync();
        string deleted = (await store.OpenSnapshotAsync(Minute, CancellationToken.None)).Id;
        string kept = (await store.OpenSnapshotAsync(Minute, CancellationToken.None)).Id;
        deleted.ShouldNotBe(kept, "the same moment");
        await store.EndSnapshotAsync(deleted, CancellationToken.None);
        await store.CountAsync(snapshot: kept);
        string[] foreign = [deleted, "none", "", kept + "0", "0" + kept, kept[..^1] + "-", $"1-{kept}", $"0123456789abcdef{kept[16..]}"];
        foreach (string id in foreign)
        {
            await store.CountAsync(snapshot: id).ShouldFailAsync(ErrorCodes.SnapshotNotOpen);
        }
    }

    [Fact]
    public void A_snapshot_expires_once_it_was_not_used_for_its_time_to_live()
    {
        FakeTime time = new();
        SnapshotTable table = new(2, time);
        SnapshotTable another = new(2, time);
        string id = table.Open(7, 42, Minute).ToString();
        table.Open(7, 42, Minute).ToString().ShouldNotBe(id);
        Should.Throw<RaveException>(() => table.Open(7, 42, Minute)).Code.ShouldBe(ErrorCodes.TooMany);
        time.Advance(Minute * 0.9);
        table.Use(id, 7).ShouldBe(42);
        another.Use(id, 7).ShouldBe(42);
        time.Advance(Minute * 0.9);
        table.Use(id, 7).ShouldBe(42);
        table.Count.ShouldBe(1);
        time.Advance(Minute);
        Should.Throw<RaveException>(() => table.Use(id, 7)).Code.ShouldBe(ErrorCodes.SnapshotNotOpen);
        Should.Throw<RaveException>(() => another.Use(id, 7)).Code.ShouldBe(ErrorCodes.SnapshotNotOpen);
        table.Open(7, 43, Minute);
        table.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_snapshot_whose_history_was_compacted_is_not_open_and_a_scan_without_a_snapshot_continues()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync(Key, default, sync: false);
        string snapshot = (await store.OpenSnapshotAsync(Minute, CancellationToken.None)).Id;
        await store.PutAsync(Key, "2"u8.ToArray(), sync: false);
        await store.PutAsync(Key, "3"u8.ToArray(), sync: false);
        await member.Member.CompactAsync();
        await store.GetAsync(Key, snapshot).ShouldFailAsync(ErrorCodes.SnapshotNotOpen, "--auto-compaction-retention");
        await store.KeysAsync(new() { Snapshot = snapshot }).ShouldFailAsync(ErrorCodes.SnapshotNotOpen);
        await store.ClearAsync(new() { Snapshot = snapshot }, sync: false, CancellationToken.None).AsTask()
            .ShouldFailAsync(ErrorCodes.SnapshotNotOpen);
        (await store.KeysAsync(new())).ShouldBe([Key]);
    }
}
