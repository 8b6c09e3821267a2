using Rave.Etcd.Cluster;
using Rave.Etcd.Wire;
using Rave.Etcd.Writes;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Etcd.Clears;

// The progress of a clear in a session. The record of the session holds the progress. Each step compares it and changes it in the same
// transaction. So two attempts at the same time delete no more than one would.
internal sealed class SessionClearing(EtcdCluster cluster, SessionRecords sessions, Scan scan, IdempotencyKey key) : Clearing(cluster, scan)
{
    private readonly Scan _whole = scan;

    // The progress as last read or written. Null before the first step of any attempt.
    private SessionRecord? _progress;

    internal override async Task ResumeAsync(CancellationToken cancellationToken) =>
        MoveTo(await sessions.FindAsync(key, cancellationToken).ConfigureAwait(false));

    internal override async Task<bool> ApplyAsync(ClearStep step, CancellationToken cancellationToken)
    {
        Scan? after = After(step);
        SessionRecord record = after is null
            ? new(key.Number, SessionState.Applied)
            : new(key.Number, SessionState.UnderWay) { Limit = after.Limit, LastKey = after.LastKey! };
        Compare guard = _progress is null ? sessions.Before(key) : Ops.Is(sessions.KeyOf(key), _progress.Encode());
        TxnResponse response = await sessions.RunAsync(
            key, guard, lease => Operations(step, sessions.Put(record, key, lease)), cancellationToken).ConfigureAwait(false);
        if (!response.Succeeded)
        {
            // Another attempt has made progress, or this one did and its answer was lost.
            MoveTo(SessionRecords.RecordIn(response));
            return true;
        }

        if (step.Condition is not null && !response.Responses[0].Txn.Succeeded)
        {
            return false;
        }

        _progress = record;
        Applied(step);
        return true;
    }

    internal override RaveException Stopped(RaveException failure) => new(
        failure.Code, $"{failure.Message} Some entries were deleted. If it is sent again with the same number, it continues.", failure)
    {
        DiskFull = failure.DiskFull,
        MayHaveBeenApplied = true,
    };

    private IEnumerable<RequestOp> Operations(ClearStep step, RequestOp record) => step.Condition is null
        ? [.. step.Deletes, record]
        : [Ops.Then(new()
        {
            Compare = { step.Condition },
            Success = { step.Deletes, record },
            Failure = { Ops.Has(sessions.KeyOf(key)) },
        })];

    private void MoveTo(SessionRecord? record)
    {
        if (record is null || record.Number < key.Number)
        {
            if (_progress is not null)
            {
                // The session was ended meanwhile.
                throw SessionRecords.Stale(key);
            }

            return;
        }

        if (record.Number > key.Number || record.State == SessionState.Refused)
        {
            throw SessionRecords.Stale(key);
        }

        _progress = record;
        Left = record.State == SessionState.Applied ? null : _whole with { LastKey = record.LastKey, Limit = record.Limit };
    }
}
