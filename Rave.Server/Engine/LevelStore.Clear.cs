using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // One atomic batch deletes so much: little enough that other writers hardly wait.
    private const int ClearKeys = 10_000;
    private const long ClearBytes = 1 << 20;

    // In a session, each chunk stores the progress of the clear in its own batch. A chunk is applied only if the progress is still
    // where the chunk began. So two attempts at the same time together delete what one would have deleted.
    public async ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        _counts.CountClear();
        bool ended = false;
        ClearProgress? from = once is null ? null : _sessions.ProgressOf(once.Key, out ended);
        if (ended)
        {
            // Before the snapshot is looked up: it may be gone by now.
            return;
        }

        // Used for the whole clear, so that it does not expire between two chunks.
        using SnapshotUse use = Snapshots.Use(scan.Snapshot);
        long deleted = 0;
        while (!ended)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SessionWrite? write = once is null ? null : new(once.Key) { IsClear = true, From = from };
            // With a snapshot, newer keys may lie between the deleted ones: the feed must not report the whole range as cleared.
            long? position = use.Snapshot is null ? Changes.Newest : null;
            using StoreBatch batch = new(Limits) { ClearPosition = position, Session = write };
            Scan chunk = from is null ? scan : scan with { LastKey = from.LastKey, Limit = from.Limit };
            ClearProgress? then;
            try
            {
                then = FillClear(chunk, use.Snapshot, batch);
                write?.Then = then;
                if (batch.Count > 0 || write is not null)
                {
                    await _writes.WriteAsync(batch, sync).ConfigureAwait(false);
                }
            }
            catch (RaveException failure) when (once is null && deleted > 0)
            {
                throw StoreFailures.ClearStopped(failure, deleted);
            }

            if (write?.Verdict == SessionVerdict.Superseded)
            {
                from = _sessions.ProgressOf(write.Key, out ended);
            }
            else
            {
                deleted += batch.Count;
                from = then;
                ended = then is null || write?.Verdict == SessionVerdict.AppliedBefore;
            }
        }
    }

    // Null if nothing is left after this chunk.
    private ClearProgress? FillClear(Scan scan, LevelSnapshot? snapshot, StoreBatch batch)
    {
        if (scan.Limit == 0)
        {
            return null;
        }

        return LevelDbFailures.Translate(() =>
        {
            Scan? next = null;
            new RangeWalk(_database, snapshot, scan.Remaining) { Reverse = scan.Reverse }.Run((key, _) =>
            {
                batch.DeleteStored(key);
                if (batch.Count == scan.Limit)
                {
                    return false;
                }

                bool isFull = batch.Count == ClearKeys || batch.Bytes >= ClearBytes;
                next = isFull ? scan.After(key, batch.Count) : null;
                return !isFull;
            });
            return next is null ? null : new ClearProgress(next.LastKey!, next.Limit);
        });
    }
}
