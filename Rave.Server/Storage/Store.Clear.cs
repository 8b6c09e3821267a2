using Rave.Server.LevelDb;

namespace Rave.Server.Storage;

internal sealed partial class Store
{
    // Keys deleted by one atomic batch: small enough that other writers hardly wait.
    private const int ClearKeys = 10_000;
    private const long ClearBytes = 1 << 20;

    // Deletes the entries of a range, chunk by chunk, each chunk atomic; with a snapshot, only the keys that are in it.
    // What was deleted stays deleted when it is cancelled or fails.
    internal async ValueTask ClearAsync(Scan scan, bool sync, CancellationToken cancellationToken)
    {
        Counts.CountClear();
        // From the first chunk to the last: it must not expire between two of them.
        using SnapshotUse? use = Snapshots.Use(scan.Snapshot);
        Scan? next = scan;
        while (next is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What a snapshot holds may have other keys between by now: only of what is stored can a range be told.
            using WriteBatch batch = new(Limits) { ClearsWhatStoodAt = use is null ? Changes.Newest : null };
            next = FillClear(next, use?.Snapshot, batch);
            if (batch.Count > 0)
            {
                await _writes.WriteAsync(batch, sync);
            }
        }
    }

    private Scan? FillClear(Scan scan, LevelSnapshot? snapshot, WriteBatch batch)
    {
        if (scan.Limit == 0)
        {
            return null;
        }

        try
        {
            using RangeCursor cursor = new(_database.CreateIterator(snapshot), scan.Remaining, scan.Reverse);
            while (cursor.MoveNext())
            {
                batch.DelStored(cursor.Key);
                if (batch.Count == scan.Limit)
                {
                    return null;
                }

                if (batch.Count == ClearKeys || batch.Bytes >= ClearBytes)
                {
                    return scan.After(cursor.Key, batch.Count);
                }
            }

            return null;
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }
}
