using Rave.Server.Contracts;
using Rave.Server.LevelDb;

namespace Rave.Server.Storage;

// Sees an entry of a page, which is whole only once all of it was read: what it is given must not be handed on before. The spans are good for the call.
internal delegate void EntryVisitor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

internal sealed partial class Store
{
    // Entries that a long walk looks at before it lets go of LevelDB's iterator, so that closing never waits for gigabytes.
    private const int WalkEntries = 50_000;

    // The longest key behind which a page may end: with one that is longer, which another program has stored, the next request would not be taken
    // (its line has a limit, and a token is a third longer than what it holds). The page goes on to the next shorter one, up to as much as a get-many may answer.
    private const int LastKeyBytes = 512 << 10;

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

            Scan? next = null;
            using PooledBuffer lastKey = new(64);
            int count = 0;
            long bytes = 0;
            new RangeWalk(_database, moment?.Snapshot, scan.Remaining) { Reverse = scan.Reverse, Values = scan.NeedsValues }.Run((key, value) =>
            {
                bytes += (scan.Keys ? key.Length : 0) + value.Length;
                if (count >= entries || (count > 0 && bytes > pageBytes))
                {
                    if (lastKey.Length <= LastKeyBytes)
                    {
                        next = scan.After(lastKey.WrittenSpan, count);
                        return false;
                    }

                    ThrowIfEndless(bytes);
                }

                visit(key, value);
                lastKey.Clear();
                key.CopyTo(lastKey.GetSpan(key.Length));
                lastKey.Advance(key.Length);
                return ++count != scan.Limit;
            });
            return next;
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    private void ThrowIfEndless(long bytes)
    {
        if (bytes > Limits.GetManyBytes)
        {
            throw new LevelException(
                ErrorCodes.TooLarge, $"Too many keys of more than {LastKeyBytes} bytes follow one another for a page; read them as lines (Accept: {MediaTypes.Ndjson}), or from a handle that leads.");
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
            KeyRange? rest = range;
            while (rest is { } chunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                rest = CountChunk(chunk, use.Snapshot, ref count);
            }

            return count;
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // What is left of the range behind the chunk; null at its end.
    private KeyRange? CountChunk(KeyRange range, LevelSnapshot snapshot, ref long count)
    {
        KeyRange? rest = null;
        int seen = 0;
        new RangeWalk(_database, snapshot, range).Run((key, _) =>
        {
            if (++seen < WalkEntries)
            {
                return true;
            }

            rest = range.Resume(key, reverse: false);
            return false;
        });
        count += seen;
        return rest;
    }
}
