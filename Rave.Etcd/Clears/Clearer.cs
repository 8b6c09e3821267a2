using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Scans;
using Rave.Etcd.Writes;
using Rave.Server.Storage;

namespace Rave.Etcd.Clears;

// Deletes the entries of a range, chunk by chunk. With a limit or a snapshot, exactly the chosen keys are deleted, even if others write in
// between. Deleted entries stay deleted if it is cancelled or fails.
internal sealed class Clearer(EtcdCluster cluster, Keyspace keys, PageReader pages, SessionRecords sessions, Limits limits)
{
    internal async Task ClearAsync(Scan scan, Func<long> revision, Once? once, CancellationToken cancellationToken)
    {
        if (once is null)
        {
            await RunAsync(new(cluster, scan), revision, cancellationToken).ConfigureAwait(false);
            return;
        }

        SessionClearing clearing = new(cluster, sessions, scan, once.Key);
        try
        {
            await clearing.ResumeAsync(cancellationToken).ConfigureAwait(false);
            await RunAsync(clearing, revision, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException full) when (full.DiskFull)
        {
            // A full database takes deletes, but not with a record. Without them, its user could not make room.
            await RunAsync(new(cluster, clearing.Left!), revision, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(Clearing clearing, Func<long> revision, CancellationToken cancellationToken)
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
                // Between two requests for its keys, which are read again.
                continue;
            }

            if (await clearing.ApplyAsync(chunk.AtOnce(keys, exactly), cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            foreach (ClearStep step in chunk.OneByOne(keys, limits.BatchOperations))
            {
                await clearing.ApplyAsync(step, cancellationToken).ConfigureAwait(false);
                if (clearing.Left is null || (step.LastKey is not null && !clearing.Left.LastKey.AsSpan().SequenceEqual(step.LastKey)))
                {
                    // It stands elsewhere than this step has left it.
                    break;
                }
            }
        }
    }
}
