using System.Text;
using Rave.Client;
using Rave.Etcd;
using Rave.Server.Storage;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// One entry at a time, and batches.
[Collection(EtcdSuite.Name)]
public sealed class EntryTests(SharedMember member)
{
    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000")]
    [InlineData("ff")]
    [InlineData("ffffffff")]
    [InlineData("612f62")]
    [InlineData("c3a9")]
    public async Task Every_key_can_be_put_read_and_deleted(string hex)
    {
        byte[] key = Convert.FromHexString(hex);
        using EtcdStore store = await member.OpenAsync();
        (await store.GetAsync(key)).ShouldBeNull();
        store.Has(key).ShouldBeFalse();
        await store.PutAsync(key, "1"u8.ToArray(), sync: true);
        (await store.GetAsync(key)).ShouldBe("1"u8.ToArray());
        store.Has(key).ShouldBeTrue();
        await store.PutAsync(key, default, sync: false);
        (await store.GetAsync(key)).ShouldBe([], "an empty value is not a missing one");
        await store.DeleteAsync(key, sync: false);
        (await store.GetAsync(key)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_of_the_maximum_length_is_accepted_and_a_longer_one_is_refused()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync(new byte[64 << 10], default, sync: false);
        store.Has(new byte[64 << 10]).ShouldBeTrue();
        await store.PutAsync(new byte[(64 << 10) + 1], default, sync: false).AsTask().ShouldFailAsync(ErrorCodes.TooLarge);
    }

    [Fact]
    public async Task Two_databases_on_one_cluster_do_not_see_each_other()
    {
        using EtcdStore one = await member.OpenAsync();
        using EtcdStore other = await member.OpenAsync();
        await one.PutAsync("a"u8.ToArray(), default, sync: false);
        (await other.CountAsync()).ShouldBe(0);
        (await one.CountAsync()).ShouldBe(1);
    }

    [Fact]
    [Differs(Differences.SameKey)]
    public async Task A_batch_is_applied_whole_and_the_last_operation_on_a_key_wins()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync("gone"u8.ToArray(), default, sync: false);
        await store.WriteAsync(batch =>
        {
            batch.Put("a"u8, "1"u8);
            batch.Put("a"u8, "2"u8);
            batch.Delete("b"u8);
            batch.Put("b"u8, "3"u8);
            batch.Put("gone"u8, "4"u8);
            batch.Delete("gone"u8);
        });
        (await store.GetAsync("a"u8.ToArray())).ShouldBe("2"u8.ToArray());
        (await store.GetAsync("b"u8.ToArray())).ShouldBe("3"u8.ToArray());
        (await store.GetAsync("gone"u8.ToArray())).ShouldBeNull();
    }

    [Fact]
    public async Task Reserved_keys_are_refused_and_never_found()
    {
        using EtcdStore store = await member.OpenAsync();
        byte[] reserved = [.. ReservedKeys.Prefix, 1];
        await store.PutAsync(reserved, default, sync: false).AsTask().ShouldFailAsync(ErrorCodes.InvalidKey);
        (await store.GetAsync(reserved)).ShouldBeNull();
        store.HasMany([reserved, "a"u8.ToArray()]).ShouldBe([false, false]);
    }

    [Fact]
    public async Task Many_keys_are_read_at_one_revision()
    {
        using EtcdStore store = await member.OpenAsync();
        byte[][] keys = [.. Enumerable.Range(0, 300).Select(i => Encoding.ASCII.GetBytes($"k{i:d4}"))];
        using CancellationTokenSource ended = new();
        Task writer = Task.Run(async () =>
        {
            for (int round = 0; !ended.IsCancellationRequested; round++)
            {
                // The first key before the last one: a reader of two moments would see them differ by more.
                byte[] value = BitConverter.GetBytes(round);
                await store.PutAsync(keys[0], value, sync: false);
                await store.PutAsync(keys[^1], value, sync: false);
            }
        });
        for (int i = 0; i < 30; i++)
        {
            List<byte[]?> values = [];
            store.GetMany(keys, (_, value) => values.Add(value));
            int first = values[0] is { } a ? BitConverter.ToInt32(a) : -1;
            int last = values[^1] is { } b ? BitConverter.ToInt32(b) : -1;
            (first - last).ShouldBeInRange(0, 1);
        }

        ended.Cancel();
        await writer;
    }

    [Fact]
    public async Task A_database_is_created_or_required_as_the_options_say()
    {
        string name = EtcdStores.NewName();
        EtcdMember[] members = [await member.MemberAsync()];
        await EtcdStores.OpenAsync(members, name, new() { CreateIfMissing = false })
            .ShouldFailAsync(ErrorCodes.DatabaseNotOpen, "no database");
        (await EtcdStores.OpenAsync(members, name, new() { ErrorIfExists = true })).Dispose();
        await EtcdStores.OpenAsync(members, name, new() { ErrorIfExists = true }).ShouldFailAsync(ErrorCodes.DatabaseNotOpen, "already");
        (await EtcdStores.OpenAsync(members, name, new() { CreateIfMissing = false })).Dispose();
    }

    [Fact]
    public async Task Maintenance_of_files_is_not_supported()
    {
        using EtcdStore store = await member.OpenAsync();
        KeyRange all = new(null, null);
        await Should.NotThrowAsync(store.ProbeAsync(CancellationToken.None).AsTask());
        await store.CompactAsync(all, CancellationToken.None).AsTask().ShouldFailAsync(ErrorCodes.NotSupported);
        await store.ApproximateSizeAsync(all, CancellationToken.None).AsTask().ShouldFailAsync(ErrorCodes.NotSupported);
        await store.PropertyAsync("leveldb.stats", CancellationToken.None).AsTask().ShouldFailAsync(ErrorCodes.NotSupported);
    }

    [Fact]
    public async Task Running_calls_of_a_closed_store_fail_as_not_open()
    {
        EtcdStore store = await member.OpenAsync();
        IChangeSubscription feed = await store.SubscribeAsync(new(null, null), after: null, CancellationToken.None);
        Task waiting = feed.WaitAsync(CancellationToken.None);
        store.Dispose();
        await waiting.ShouldFailAsync(ErrorCodes.DatabaseNotOpen);
        await store.GetAsync("a"u8.ToArray()).ShouldFailAsync(ErrorCodes.DatabaseNotOpen);
    }
}
