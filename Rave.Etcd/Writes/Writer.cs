using Rave.Etcd.Cluster;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Etcd.Writes;

// Applies a batch in one transaction: all of it or nothing.
internal sealed class Writer(EtcdCluster cluster, SessionRecords sessions)
{
    internal async Task WriteAsync(WritePlan plan, Once? once, CancellationToken cancellationToken)
    {
        if (plan.NeedsValues)
        {
            plan.Found(await cluster.TxnAsync(plan.Reads(), Repeat.Read, cancellationToken).ConfigureAwait(false));
        }

        if (once is null)
        {
            await WriteAsync(plan, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await WriteOnceAsync(plan, once, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException full) when (full.DiskFull && plan.OnlyDeletes)
        {
            // A full database accepts deletes, but no record. Without deletes, nobody could free space.
            await WriteAsync(plan, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(WritePlan plan, CancellationToken cancellationToken)
    {
        Repeat repeat = plan.Operations.Count == 0 ? Repeat.Read : Repeat.WriteIfNotSent;
        while (true)
        {
            if (plan.NeedsValues)
            {
                ThrowIfFailed(plan);
            }

            TxnResponse response = await cluster.TxnAsync(plan.Request(applied: null, refused: null), repeat, cancellationToken)
                .ConfigureAwait(false);
            if (response.Succeeded)
            {
                return;
            }

            // If all checks hold now, a value was written again meanwhile. The next attempt compares its new revision. Each repetition
            // means that a write of another client was applied, so there is always progress.
            plan.Found(response);
            ThrowIfFailed(plan);
        }
    }

    private async Task WriteOnceAsync(WritePlan plan, Once once, CancellationToken cancellationToken)
    {
        IdempotencyKey key = once.Key;
        while (true)
        {
            byte[]? failedKey = plan.NeedsValues ? plan.FailedKey : null;
            TxnResponse response = await sessions.RunAsync(
                key,
                sessions.Before(key),
                lease => failedKey is null ? Operations(plan, once, lease) : [Refused(key, lease)],
                cancellationToken).ConfigureAwait(false);
            if (!response.Succeeded)
            {
                if (IsDecided(plan, once, SessionRecords.RecordIn(response)))
                {
                    return;
                }

                continue;
            }

            if (failedKey is not null)
            {
                throw Precondition.Failed(failedKey);
            }

            if (plan.Checks.Count == 0 || response.Responses[0].Txn.Succeeded)
            {
                return;
            }

            plan.Found(response.Responses[0].Txn);
            if (!plan.NeedsValues)
            {
                // Recorded in the same transaction.
                ThrowIfFailed(plan);
            }
        }
    }

    // A refusal is recorded in the same transaction if it is certain. It is not certain if a value was read before: it may only have been
    // written again.
    private IEnumerable<RequestOp> Operations(WritePlan plan, Once once, long lease)
    {
        RequestOp applied = sessions.Put(new(once.Key.Number, SessionState.Applied) { ETag = once.ETag }, once.Key, lease);
        return plan.Checks.Count == 0
            ? [.. plan.Operations, applied]
            : [Ops.Then(plan.Request(applied, plan.NeedsValues ? null : Refused(once.Key, lease)))];
    }

    private RequestOp Refused(IdempotencyKey key, long lease) => sessions.Put(new(key.Number, SessionState.Refused), key, lease);

    // Answers what an earlier attempt of this write has recorded. False if the record is older than this write.
    private static bool IsDecided(WritePlan plan, Once once, SessionRecord? record)
    {
        if (record is null || record.Number < once.Key.Number)
        {
            return false;
        }

        if (record.Number > once.Key.Number || record.State == SessionState.UnderWay)
        {
            throw SessionRecords.Stale(once.Key);
        }

        if (record.State == SessionState.Refused)
        {
            throw plan.Checks is [{ } only]
                ? Precondition.Failed(only.Key)
                : new RaveException(
                    ErrorCodes.PreconditionFailed,
                    "A precondition failed when the request was first sent. Read the entries again.");
        }

        once.ETag = record.ETag;
        return true;
    }

    private static void ThrowIfFailed(WritePlan plan)
    {
        if (plan.FailedKey is { } key)
        {
            throw Precondition.Failed(key);
        }
    }
}
