using System.Globalization;
using Rave.Client;
using Rave.Etcd;
using Rave.Etcd.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

// Stores as tests open them, and their calls as tests write them.
internal static class EtcdStores
{
    private static int _names;

    // Of a database that no other test uses.
    internal static string NewName() => string.Create(CultureInfo.InvariantCulture, $"test-{Interlocked.Increment(ref _names)}");

    internal static Task<EtcdStore> OpenAsync(IEnumerable<EtcdMember> members, string database, EtcdOptions? options = null) =>
        EtcdStore.OpenAsync(
        EtcdLocation.Parse($"etcd://{string.Join(',', members.Select(member => $"127.0.0.1:{member.Port}"))}/{database}"),
        options ?? new(),
        TimeProvider.System,
        TestContext.Current.CancellationToken);

    internal static ValueTask WriteAsync(this IStore store, Action<OperationBatch> fill, IdempotencyKey? once = null) =>
        store.WriteAsync(fill, once is null ? null : new Once(once));

    internal static async ValueTask WriteAsync(this IStore store, Action<OperationBatch> fill, Once? once)
    {
        using OperationBatch batch = new(new Limits());
        fill(batch);
        await store.WriteAsync(batch.Operations, sync: false, once, TestContext.Current.CancellationToken);
    }

    // Many puts, in batches.
    internal static async Task FillAsync(this EtcdStore store, IEnumerable<(byte[] Key, byte[] Value)> entries)
    {
        foreach ((byte[] Key, byte[] Value)[] some in entries.Chunk(store.Limits.BatchOperations))
        {
            await store.WriteAsync(batch => Array.ForEach(some, entry => batch.Put(entry.Key, entry.Value)));
        }
    }

    internal static async Task<byte[]?> GetAsync(this IStore store, byte[] key, string? snapshot = null) =>
        await store.GetAsync(key, snapshot, StoreReads.Bytes.Reader, TestContext.Current.CancellationToken);

    internal static async Task<long> CountAsync(this IStore store, RangeBounds? bounds = null, string? snapshot = null) =>
        await store.CountAsync(bounds ?? RangeBounds.All, snapshot, TestContext.Current.CancellationToken);

    // All keys of a scan, page by page.
    internal static async Task<List<byte[]>> KeysAsync(this IStore store, Scan scan, int pageEntries = 1_000)
    {
        List<byte[]> keys = [];
        Scan? next = scan;
        while (next is not null)
        {
            using Page page = await store.ReadPageAsync(next, pageEntries, TestContext.Current.CancellationToken);
            page.Count.ShouldBeLessThanOrEqualTo(pageEntries);
            while (page.TryTake(out ReadOnlySpan<byte> key, out _))
            {
                keys.Add(key.ToArray());
            }

            next = page.Next;
        }

        return keys;
    }

    internal static async Task ShouldFailAsync(this Task task, string code, string? says = null)
    {
        RaveException failure = await Should.ThrowAsync<RaveException>(task);
        failure.Code.ShouldBe(code, failure.Message);
        failure.Message.ShouldContain(says ?? "", Case.Insensitive, failure.Message);
    }
}
