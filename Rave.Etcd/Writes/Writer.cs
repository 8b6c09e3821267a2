using Rave.Etcd.Cluster;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Etcd.Writes;

// Applies a batch in one transaction, or nothing of it.
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
            // A full database takes deletes, but not with a record. Without them, its user could not make room.
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
                ThrowIfFailing(plan);
            }

            TxnResponse response = await cluster.TxnAsync(plan.Request(applied: null, refused: null), repeat, cancellationToken)
                .ConfigureAwait(false);
            if (response.Succeeded)
            {
                return;
            }

            // If all checks hold now, a value was written again in between. The next attempt compares its new revision. This cannot go on
            // for ever without progress: each time, the write of another client was applied.
            plan.Found(response);
            ThrowIfFailing(plan);
        }
    }

    private async Task WriteOnceAsync(WritePlan plan, Once once, CancellationToken cancellationToken)
    {
        IdempotencyKey key = once.Key;
        while (true)
        {
            byte[]? failing = plan.NeedsValues ? plan.Failing : null;
            TxnResponse response = await sessions.RunAsync(
                key,
                sessions.Before(key),
                lease => failing is null ? Operations(plan, once, lease) : [Refused(key, lease)],
                cancellationToken).ConfigureAwait(false);
            if (!response.Succeeded)
            {
                if (IsDecided(plan, once, SessionRecords.RecordIn(response)))
                {
                    return;
                }

                continue;
            }

            if (failing is not null)
            {
                throw Precondition.Failed(failing);
            }

            if (plan.Checks.Count == 0 || response.Responses[0].Txn.Succeeded)
            {
                return;
            }

            plan.Found(response.Responses[0].Txn);
            if (!plan.NeedsValues)
            {
                // Recorded in the same transaction.
                ThrowIfFailing(plan);
            }
        }
    }

    // A refusal is recorded with what refuses it, where that is certain then: a value that was read may only have been written again.
    private IEnumerable<RequestOp> Operations(WritePlan plan, Once once, long lease)
    {
        RequestOp applied = sessions.Put(new(once.Key.Number, SessionState.Applied) { ETag = once.ETag }, once.Key, lease);
        return plan.Checks.Count == 0
            ? [.. plan.Operations, applied]
            : [Ops.Then(plan.Request(applied, plan.NeedsValues ? null : Refused(once.Key, lease)))];
    }

    private RequestOp Refused(IdempotencyKey key, long lease) => sessions.Put(new(key.Number, SessionState.Refused), key, lease);

    // By an earlier attempt, whose answer this is. False where the record is older than this write.
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
                    "An entry was not as the request requires it when the request was sent first; read them again.");
        }

        once.ETag = record.ETag;
        return true;
    }

    private static void ThrowIfFailing(WritePlan plan)
    {
        if (plan.Failing is { } key)
        {
            throw Precondition.Failed(key);
        }
    }
}
