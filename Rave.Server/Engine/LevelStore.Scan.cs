using System.Runtime.CompilerServices;
using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // A count releases LevelDB's iterator after so many entries, so that closing never waits for gigabytes.
    private const int CountEntries = 50_000;

    // The longest key at which a page may end. Another program may have stored a longer one, and a continuation token of it would not fit
    // into a request line. The page then goes on to the next shorter key, up to the size of a get-many's answer.
    private const int LastKeyBytes = 512 << 10;

    public ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken)
    {
        _counts.CountScan();
        using SnapshotUse use = Snapshots.Use(scan.Snapshot);
        return new(ReadPage(scan, use.Snapshot, entries, Limits.PageBytes));
    }

#pragma warning disable CS1998 // LevelDB answers at once.
    public async IAsyncEnumerable<Page> ReadPagesAsync(
        Scan scan, int pageBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
#pragma warning restore CS1998
    {
        _counts.CountScan();
        using SnapshotUse moment = Snapshots.UseOrTake(scan.Snapshot);
        Scan? next = scan;
        while (next is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Page page = ReadPage(next, moment.Snapshot, Limits.PageEntries, pageBytes);
            next = page.Next;
            yield return page;
        }
    }

    // No entry is returned before the walk has ended without an error (RangeWalk).
    private Page ReadPage(Scan scan, LevelSnapshot? snapshot, int entries, int pageBytes)
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
                RangeWalk walk = new(_database, snapshot, scan.Remaining) { Reverse = scan.Reverse, Values = scan.NeedsValues };
                walk.Run((key, value) =>
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
        catch (Exception e) when (LevelDbFailures.From(e) is { } failure)
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
                ErrorCodes.TooLarge,
                $"A page cannot end between these keys, which have more than {LastKeyBytes} bytes. "
                + $"Read the entries as lines (Accept: {MediaTypes.Ndjson}).");
        }
    }

    public ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken)
    {
        _counts.CountScan();
        return new(LevelDbFailures.Translate(() =>
        {
            using SnapshotUse use = Snapshots.UseOrTake(snapshot);
            long count = 0;
            KeyRange? rest = bounds.ToRange();
            while (rest is { } chunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                rest = CountChunk(chunk, use.Snapshot!, ref count);
            }

            return count;
        }));
    }

    // The rest of the range after this chunk, or null at the end.
    private KeyRange? CountChunk(KeyRange range, LevelSnapshot snapshot, ref long count)
    {
        KeyRange? rest = null;
        int seen = 0;
        new RangeWalk(_database, snapshot, range).Run((key, _) =>
        {
            if (++seen < CountEntries)
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
