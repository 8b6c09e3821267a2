using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Tests.Storage;

// A store's calls as tests write them, one entry or a few at a time.
internal static class StoreReads
{
    internal static byte[]? Get(this IStore store, byte[] key, string? snapshot = null) =>
        store.GetAsync(key, snapshot, Bytes.Reader, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    internal static bool Has(this IStore store, byte[] key, string? snapshot = null) =>
        store.GetAsync(key, snapshot, Presence.Reader, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    // The values in the order of the keys, all as they are at one moment, or in a snapshot.
    internal static void GetMany(this IStore store, IReadOnlyList<byte[]> keys, Action<byte[], byte[]?> visit, string? snapshot = null)
    {
        using PooledBuffer operations = new();
        foreach (byte[] key in keys)
        {
            OperationsBinaryWriter.Get(operations, key);
        }

        using PooledBuffer answer = store.ReadManyAsync(operations.Written, snapshot, CancellationToken.None).AsTask().GetAwaiter()
            .GetResult();
        EntriesBinaryReader entries = new(answer.WrittenSpan);
        foreach (byte[] key in keys)
        {
            entries.Read().ShouldBeTrue();
            visit(key, entries.Found ? entries.Value.ToArray() : null);
        }
    }

    internal static bool[] HasMany(this IStore store, IReadOnlyList<byte[]> keys, string? snapshot = null)
    {
        using PooledBuffer operations = new();
        foreach (byte[] key in keys)
        {
            OperationsBinaryWriter.Has(operations, key);
        }

        using PooledBuffer answer = store.ReadManyAsync(operations.Written, snapshot, CancellationToken.None).AsTask().GetAwaiter()
            .GetResult();
        EntriesBinaryReader entries = new(answer.WrittenSpan);
        bool[] found = new bool[keys.Count];
        for (int i = 0; i < found.Length; i++)
        {
            entries.Read().ShouldBeTrue();
            found[i] = entries.Found;
        }

        return found;
    }

    // The remaining scan, or null at its end.
    internal static Scan? ReadPage(this IStore store, Scan scan, int entries, EntryVisitor visit)
    {
        using Page page = store.ReadPageAsync(scan, entries, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        while (page.TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            visit(key, value);
        }

        return page.Next;
    }

    internal static long Count(this IStore store, KeyRange range, CancellationToken cancellationToken) =>
        store.Count(range, snapshot: null, cancellationToken);

    internal static long Count(this IStore store, KeyRange range, string? snapshot, CancellationToken cancellationToken) =>
        store.CountAsync(new(Gte: range.Start, Lt: range.End), snapshot, cancellationToken).AsTask().GetAwaiter().GetResult();

    internal sealed class Bytes : ValueReader<byte[]?>
    {
        internal static readonly Bytes Reader = new();

        internal override byte[]? Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => found ? value.ToArray() : null;
    }

    private sealed class Presence : ValueReader<bool>
    {
        internal static readonly Presence Reader = new();

        internal override bool NeedsValue => false;

        internal override bool Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => found;
    }
}

internal delegate void EntryVisitor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);
