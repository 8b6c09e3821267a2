using System.Runtime.CompilerServices;
using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // Entries that a long walk looks at before it lets go of LevelDB's iterator, so that closing never waits for gigabytes.
    private const int WalkEntries = 50_000;

    // The longest key behind which a page may end: with one that is longer, which another program has stored, the next request would not be taken
    // (its line has a limit, and a token is a third longer than what it holds). The page goes on to the next shorter one, up to as much as a get-many may answer.
    private const int LastKeyBytes = 512 << 10;

    public ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken)
    {
        _counts.CountScan();
        using SnapshotUse? use = Snapshots.Use(scan.Snapshot);
        return new(ReadPage(scan, use, entries, Limits.PageBytes));
    }

#pragma warning disable CS1998 // LevelDB answers at once.
    public async IAsyncEnumerable<Page> ReadPagesAsync(Scan scan, int pageBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
#pragma warning restore CS1998
    {
        _counts.CountScan();
        using SnapshotUse moment = Snapshots.UseOrTake(scan.Snapshot);
        Scan? next = scan;
        while (next is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Page page = ReadPage(next, moment, Limits.PageEntries, pageBytes);
            next = page.Next;
            yield return page;
        }
    }

    // What it holds is whole only once all of it was read, and nothing of it leaves before.
    private Page ReadPage(Scan scan, SnapshotUse? moment, int entries, int pageBytes)
    {
        PooledBuffer page = new();
        try
        {
            Scan? next = null;
            int count = 0;
            if (scan.Limit != 0)
            {
                using PooledBuffer lastKey = new(64);
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

                    EntriesBinaryWriter.WriteEntry(page, key, value, scan.NeedsKeys, scan.NeedsValues);
                    lastKey.Clear();
                    key.CopyTo(lastKey.GetSpan(key.Length));
                    lastKey.Advance(key.Length);
                    return ++count != scan.Limit;
                });
            }

            return new(page, count, next);
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            page.Dispose();
            throw failure;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    private void ThrowIfEndless(long bytes)
    {
        if (bytes > Limits.GetManyBytes)
        {
            throw new RaveException(
                ErrorCodes.TooLarge, $"Too many keys of more than {LastKeyBytes} bytes follow one another for a page; read them as lines (Accept: {MediaTypes.Ndjson}), or from a handle that leads.");
        }
    }

    public ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken)
    {
        _counts.CountScan();
        try
        {
            using SnapshotUse use = Snapshots.UseOrTake(snapshot);
            long count = 0;
            KeyRange? rest = bounds.ToRange();
            while (rest is { } chunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                rest = CountChunk(chunk, use.Snapshot, ref count);
            }

            return new(count);
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
