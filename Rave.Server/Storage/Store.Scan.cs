using Rave.Server.Contracts;

namespace Rave.Server.Storage;

// Sees an entry of a page; the spans are good for the call.
internal delegate void EntryVisitor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

internal sealed partial class Store
{
    // Entries that a long walk looks at before it lets go of LevelDB's iterator, so that closing never waits for gigabytes.
    private const int WalkEntries = 50_000;

    // Visits the next page, bounded in entries and bytes but never empty while there is something.
    // Returns the scan that goes on after it, or null at the end.
    internal Scan? ReadPage(Scan scan, int entries, EntryVisitor visit)
    {
        Counts.CountScan();
        using SnapshotUse? use = Snapshots.Use(scan.Snapshot);
        return ReadPage(scan, use, entries, Limits.PageBytes, visit);
    }

    // The same of the moment that its caller holds, for a scan of many pages.
    internal Scan? ReadPage(Scan scan, SnapshotUse? moment, int entries, int pageBytes, EntryVisitor visit)
    {
        try
        {
            if (scan.Limit == 0)
            {
                return null;
            }

            using RangeCursor cursor = new(_database.CreateIterator(moment?.Snapshot), scan.Remaining, scan.Reverse);
            // LevelDB is asked once for each part of an entry: the call takes longer than a copy.
            using PooledBuffer lastKey = new(64);
            int count = 0;
            long bytes = 0;
            while (cursor.MoveNext(out ReadOnlySpan<byte> key))
            {
                ReadOnlySpan<byte> value = scan.NeedsValues ? cursor.Value : default;
                bytes += (scan.Keys ? key.Length : 0) + value.Length;
                if (count == entries || (count > 0 && bytes > pageBytes))
                {
                    return scan.After(lastKey.WrittenSpan, count);
                }

                visit(key, value);
                if (++count == scan.Limit)
                {
                    return null;
                }

                lastKey.Clear();
                key.CopyTo(lastKey.GetSpan(key.Length));
                lastKey.Advance(key.Length);
            }

            return null;
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    internal long Count(KeyRange range, CancellationToken cancellationToken) => Count(range, snapshot: null, cancellationToken);

    // How many keys the range has, as of one moment, or in a snapshot.
    internal long Count(KeyRange range, string? snapshot, CancellationToken cancellationToken)
    {
        Counts.CountScan();
        try
        {
            using SnapshotUse use = Snapshots.UseOrTake(snapshot);
            long count = 0;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using RangeCursor cursor = new(_database.CreateIterator(use.Snapshot), range, reverse: false);
                ReadOnlySpan<byte> key = default;
                for (int i = 0; i < WalkEntries; i++)
                {
                    if (!cursor.MoveNext(out key))
                    {
                        return count;
                    }

                    count++;
                }

                range = range.Resume(key, reverse: false);
            }
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }
}
