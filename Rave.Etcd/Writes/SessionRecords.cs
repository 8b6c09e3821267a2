using System.Collections.Concurrent;
using Google.Protobuf;
using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;

namespace Rave.Etcd.Writes;

// Runs transactions that compare and change the record of their session. So each transaction is applied once, even if it is sent several
// times or to several members.
internal sealed class SessionRecords(EtcdCluster cluster, Keyspace keys, RecordLease lease)
{
    // The limit of sessions that are known to have a record. For other sessions, an extra request makes sure.
    private const int MaxKnownSessions = 10_000;

    private readonly ConcurrentDictionary<string, bool> _known = [];

    internal ByteString KeyOf(IdempotencyKey key) => keys.Session(key.Session);

    // True while no write of the session with this or a higher number is decided.
    internal Compare Before(IdempotencyKey key) => Ops.IsLess(KeyOf(key), SessionRecord.Before(key.Number));

    internal RequestOp Put(SessionRecord record, IdempotencyKey key, long leaseId) => Ops.Put(KeyOf(key), record.Encode(), leaseId);

    // Null if the session is new.
    internal async Task<SessionRecord?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        RangeResponse response = await cluster.RangeAsync(new() { Key = KeyOf(key) }, cancellationToken).ConfigureAwait(false);
        return response.Kvs.Count == 0 ? null : SessionRecord.Decode(response.Kvs[0].Value.Span);
    }

    // If the guard is true, the operations are applied. Otherwise the response has the record of the session.
    internal async Task<TxnResponse> RunAsync(
        IdempotencyKey key, Compare guard, Func<long, IEnumerable<RequestOp>> operations, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                long leaseId = await lease.GetAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                await EnsureAsync(key, leaseId, cancellationToken).ConfigureAwait(false);
                TxnRequest request = new() { Compare = { guard }, Success = { operations(leaseId) }, Failure = { Ops.Get(KeyOf(key)) } };
                TxnResponse response = await cluster.TxnAsync(request, Repeat.Write, cancellationToken).ConfigureAwait(false);
                if (response.Succeeded || response.Responses[0].Range.Kvs.Count > 0)
                {
                    return response;
                }

                // The session was ended or its lease expired meanwhile.
                _known.TryRemove(key.Session, out _);
            }
            catch (RaveException failure) when (EtcdFailures.IsLeaseGone(failure))
            {
                lease.Forget();
            }
        }
    }

    internal static SessionRecord? RecordIn(TxnResponse response) => SessionRecord.Decode(response.Responses[0].Range.Kvs[0].Value.Span);

    // Can be repeated, because a session must not be used while it is ended.
    internal async Task EndAsync(string session, CancellationToken cancellationToken)
    {
        _known.TryRemove(session, out _);
        await cluster.TxnAsync(new() { Success = { Ops.Delete(keys.Session(session)) } }, Repeat.Write, cancellationToken)
            .ConfigureAwait(false);
    }

    internal static RaveException Stale(IdempotencyKey key) => new(
        ErrorCodes.StaleRetry,
        $"The session has a later write than {key.Number}, or another one with this number. The outcome of this write is no longer known. "
        + "It was not executed now.");

    // In etcd, a comparison with a missing value is always false. So a new session begins with an empty record.
    private async Task EnsureAsync(IdempotencyKey key, long leaseId, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey(key.Session))
        {
            return;
        }

        ByteString record = KeyOf(key);
        TxnRequest request = new()
        {
            Compare = { Ops.IsMissing(record) },
            Success = { Ops.Put(record, ByteString.Empty, leaseId) },
            Failure = { Ops.Has(record) },
        };
        await cluster.TxnAsync(request, Repeat.Write, cancellationToken).ConfigureAwait(false);
        if (_known.Count >= MaxKnownSessions)
        {
            _known.Clear();
        }

        _known[key.Session] = true;
    }
}
