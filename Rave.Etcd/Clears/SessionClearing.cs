using Rave.Etcd.Cluster;
using Rave.Etcd.Wire;
using Rave.Etcd.Writes;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Etcd.Clears;

// A clear in a session. Each step is applied only if the clear still stands where the step begins, and records in the same transaction
// where it stands then: two attempts at a time together delete what one would have.
internal sealed class SessionClearing(EtcdCluster cluster, SessionRecords sessions, Scan scan, IdempotencyKey key) : Clearing(cluster, scan)
{
    private readonly Scan _whole = scan;

    // Where an earlier attempt stands; null where none has begun.
    private SessionRecord? _place;

    internal async Task ResumeAsync(CancellationToken cancellationToken) =>
        MoveTo(await sessions.FindAsync(key, cancellationToken).ConfigureAwait(false));

    internal override async Task<bool> ApplyAsync(ClearStep step, CancellationToken cancellationToken)
    {
        Scan? after = After(step);
        SessionRecord record = after is null
            ? new(key.Number, SessionState.Applied)
            : new(key.Number, SessionState.UnderWay) { Limit = after.Limit, LastKey = after.LastKey! };
        Compare guard = _place is null ? sessions.Before(key) : Ops.Is(sessions.KeyOf(key), _place.Encode());
        TxnResponse response = await sessions.RunAsync(
            key, guard, lease => Operations(step, sessions.Put(record, key, lease)), cancellationToken).ConfigureAwait(false);
        if (!response.Succeeded)
        {
            // Another attempt has come further, or this one had, and its answer was lost.
            MoveTo(SessionRecords.RecordIn(response));
            return true;
        }

        if (step.Condition is not null && !response.Responses[0].Txn.Succeeded)
        {
            return false;
        }

        _place = record;
        Left = after;
        return true;
    }

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
            if (_place is not null)
            {
                // The session was ended in between.
                throw SessionRecords.Stale(key);
            }

            return;
        }

        if (record.Number > key.Number || record.State == SessionState.Refused)
        {
            throw SessionRecords.Stale(key);
        }

        _place = record;
        Left = record.State == SessionState.Applied ? null : _whole with { LastKey = record.LastKey, Limit = record.Limit };
    }
}
