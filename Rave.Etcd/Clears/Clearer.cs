using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Scans;
using Rave.Etcd.Writes;
using Rave.Server.Storage;

namespace Rave.Etcd.Clears;

// Deletes the entries of a range in chunks. With a limit or a snapshot, exactly the chosen keys are deleted, even if others write at the
// same time. If the clear is cancelled or fails, the deleted entries stay deleted.
internal sealed class Clearer(EtcdCluster cluster, Keyspace keys, PageReader pages, SessionRecords sessions, Limits limits)
{
    internal async Task ClearAsync(Scan scan, Func<long> revision, Once? once, CancellationToken cancellationToken)
    {
        Clearing clearing = once is null ? new Clearing(cluster, scan) : new SessionClearing(cluster, sessions, scan, once.Key);
        try
        {
            await clearing.ResumeAsync(cancellationToken).ConfigureAwait(false);
            await RunAsync(clearing, revision, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException full) when (full.DiskFull && once is not null)
        {
            // A full database accepts deletes, but no record. Without deletes, nobody could free space.
            await RunAsync(new(cluster, clearing.Left!), revision, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(Clearing clearing, Func<long> revision, CancellationToken cancellationToken)
    {
        try
        {
            await StepAsync(clearing, revision, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException failure) when (clearing.Deleted > 0)
        {
            throw clearing.Stopped(failure);
        }
    }

    private async Task StepAsync(Clearing clearing, Func<long> revision, CancellationToken cancellationToken)
    {
        while (clearing.Left is { } left)
        {
            bool exactly = left.Snapshot is not null || left.Limit != Scan.Unlimited;
            ClearChunk chunk;
            try
            {
                chunk = await ClearChunk.ReadAsync(pages, left, revision(), cancellationToken).ConfigureAwait(false);
            }
            catch (RaveException compacted) when (left.Snapshot is null && compacted.Code == ErrorCodes.SnapshotNotOpen)
            {
                // Compacted between two reads of the keys. Read them again.
                continue;
            }

            if (await clearing.ApplyAsync(chunk.ByRange(keys, exactly), cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            foreach (ClearStep step in chunk.ByKey(keys, limits.BatchOperations))
            {
                await clearing.ApplyAsync(step, cancellationToken).ConfigureAwait(false);
                if (clearing.Left is null || (step.LastKey is not null && !clearing.Left.LastKey.AsSpan().SequenceEqual(step.LastKey)))
                {
                    // Another attempt has moved on. The other steps of this chunk are out of date.
                    break;
                }
            }
        }
    }
}
