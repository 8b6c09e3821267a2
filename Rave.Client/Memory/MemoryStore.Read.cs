using System.Collections.Immutable;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Memory;

internal sealed partial class MemoryStore
{
    public ValueTask<T> GetAsync<T>(ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        bool found = TryFind(StateOf(snapshot), key.Span, out MemoryEntry entry);
        return new(reader.Read(found, key.Span, entry.Value));
    }

    public ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        ImmutableSortedSet<MemoryEntry> state = StateOf(snapshot);
        PooledBuffer answer = new();
        OperationsBinaryReader reader = new(keys.Span);
        while (reader.ReadKey())
        {
            if (TryFind(state, reader.Key, out MemoryEntry entry))
            {
                EntriesBinaryWriter.WriteEntry(answer, default, entry.Value, withKey: false, withValue: reader.Type == OperationType.Get);
            }
            else
            {
                EntriesBinaryWriter.WriteMissing(answer);
            }
        }

        EntriesBinaryWriter.WriteEnd(answer);
        return new(answer);
    }

    public ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        PooledBuffer page = new();
        Scan? next = null;
        byte[] lastKey = [];
        int count = 0;
        long bytes = 0;
        foreach (MemoryEntry entry in Within(StateOf(scan.Snapshot), scan))
        {
            bytes += entry.Bytes;
            if (count == entries || (count > 0 && bytes > limits.PageBytes))
            {
                next = scan.After(lastKey, count);
                break;
            }

            EntriesBinaryWriter.WriteEntry(page, entry.Key, entry.Value, scan.NeedsKeys, scan.NeedsValues);
            lastKey = entry.Key;
            count++;
        }

        return new(new Page(page, count, next));
    }

    public ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        (int start, int end) = IndexesOf(StateOf(snapshot), bounds.ToRange());
        return new(end - start);
    }

    // There are no properties.
    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return new((string?)null);
    }

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        ImmutableSortedSet<MemoryEntry> state = _entries;
        (int start, int end) = IndexesOf(state, range);
        return new(Enumerable.Range(start, end - start).Sum(i => (long)state[i].Bytes));
    }

    // Overwritten and deleted data is already gone.
    public ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return default;
    }

    private ImmutableSortedSet<MemoryEntry> StateOf(string? snapshot) => snapshot is null ? _entries : _snapshots.Use(snapshot);

    private bool TryFind(ImmutableSortedSet<MemoryEntry> state, ReadOnlySpan<byte> key, out MemoryEntry entry)
    {
        OperationLimits.CheckKeyLength(key.Length, limits);
        MemoryEntry probe = new(key.ToArray(), []);
        return state.TryGetValue(probe, out entry);
    }

    private static IEnumerable<MemoryEntry> Within(ImmutableSortedSet<MemoryEntry> state, Scan scan)
    {
        (int start, int end) = IndexesOf(state, scan.Remaining);
        int count = scan.Limit == Scan.Unlimited ? end - start : (int)Math.Min(scan.Limit, end - start);
        for (int i = 0; i < count; i++)
        {
            yield return state[scan.Reverse ? end - 1 - i : start + i];
        }
    }

    // From the first entry of the range to the one after its last.
    private static (int Start, int End) IndexesOf(ImmutableSortedSet<MemoryEntry> state, KeyRange range)
    {
        int start = range.Start is null ? 0 : IndexOf(state, range.Start);
        int end = range.End is null ? state.Count : IndexOf(state, range.End);
        return (start, Math.Max(start, end));
    }

    private static int IndexOf(ImmutableSortedSet<MemoryEntry> state, byte[] key)
    {
        int index = state.IndexOf(new(key, []));
        return index >= 0 ? index : ~index;
    }
}
