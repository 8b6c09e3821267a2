using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // Keys deleted by one atomic batch: small enough that other writers hardly wait.
    private const int ClearKeys = 10_000;
    private const long ClearBytes = 1 << 20;

    // Deletes the entries of a range, chunk by chunk, each chunk atomic; with a snapshot, only the keys that are in it.
    // What was deleted stays deleted when it is cancelled or fails.
    // In a session it goes on where an earlier attempt stands, and is nothing where one has ended.
    public async ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        _counts.CountClear();
        if (once is not null)
        {
            await ClearOnceAsync(scan, sync, once, cancellationToken).ConfigureAwait(false);
            return;
        }

        // From the first chunk to the last: it must not expire between two of them.
        using SnapshotUse? use = Snapshots.Use(scan.Snapshot);
        Scan? next = scan;
        while (next is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What a snapshot holds may have other keys between by now: only of what is stored can a range be told.
            using StoreBatch batch = new(Limits) { ClearsWhatStoodAt = use is null ? Changes.Newest : null };
            next = FillClear(next, use?.Snapshot, batch);
            if (batch.Count > 0)
            {
                await _writes.WriteAsync(batch, sync).ConfigureAwait(false);
            }
        }
    }

    // Each chunk says in its own batch where the clear stands then, and is applied only if it still stands where the chunk begins:
    // two attempts at a time together delete what one would have.
    private async ValueTask ClearOnceAsync(Scan scan, bool sync, Once once, CancellationToken cancellationToken)
    {
        ClearPlace? from = _sessions.PlaceOf(once.Key, out bool ended);
        if (ended)
        {
            // Its snapshot, if it had one, may be gone.
            return;
        }

        using SnapshotUse? use = Snapshots.Use(scan.Snapshot);
        while (!ended)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SessionWrite write = new(once.Key) { IsClear = true, From = from };
            using StoreBatch batch = new(Limits) { ClearsWhatStoodAt = use is null ? Changes.Newest : null, Session = write };
            Scan? next = FillClear(from is null ? scan : scan with { LastKey = from.LastKey, Limit = from.Limit }, use?.Snapshot, batch);
            write.Then = next is null ? null : new(next.LastKey!, next.Limit);
            await _writes.WriteAsync(batch, sync).ConfigureAwait(false);
            if (write.Verdict == SessionVerdict.MovedOn)
            {
                from = _sessions.PlaceOf(once.Key, out ended);
            }
            else
            {
                from = write.Then;
                ended = from is null || write.Verdict == SessionVerdict.AppliedBefore;
            }
        }
    }

    private Scan? FillClear(Scan scan, LevelSnapshot? snapshot, StoreBatch batch)
    {
        if (scan.Limit == 0)
        {
            return null;
        }

        try
        {
            Scan? next = null;
            new RangeWalk(_database, snapshot, scan.Remaining) { Reverse = scan.Reverse }.Run((key, _) =>
            {
                batch.DelStored(key);
                if (batch.Count == scan.Limit)
                {
                    return false;
                }

                bool isFull = batch.Count == ClearKeys || batch.Bytes >= ClearBytes;
                next = isFull ? scan.After(key, batch.Count) : null;
                return !isFull;
            });
            return next;
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }
}
