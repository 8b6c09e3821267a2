using System.Collections.Concurrent;
using Google.Protobuf;
using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;

namespace Rave.Etcd.Writes;

// Runs transactions that depend on the record of their session and change it. So each of them has an effect once, even if it is sent
// several times and to several members.
internal sealed class SessionRecords(EtcdCluster cluster, Keyspace keys, RecordLease lease)
{
    // As many sessions are known to have a record; of others it costs a request to find out.
    private const int KnownSessions = 10_000;

    private readonly ConcurrentDictionary<string, bool> _known = [];

    internal ByteString KeyOf(IdempotencyKey key) => keys.Session(key.Session);

    // Holds while no write of the session with this number, or a higher one, is decided.
    internal Compare Before(IdempotencyKey key) => Ops.IsLess(KeyOf(key), SessionRecord.Before(key.Number));

    internal RequestOp Put(SessionRecord record, IdempotencyKey key, long leaseId) => Ops.Put(KeyOf(key), record.Encode(), leaseId);

    // Null where the session is new.
    internal async Task<SessionRecord?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        RangeResponse response = await cluster.RangeAsync(new() { Key = KeyOf(key) }, cancellationToken).ConfigureAwait(false);
        return response.Kvs.Count == 0 ? null : SessionRecord.Decode(response.Kvs[0].Value.Span);
    }

    // Whether the guard held, and the operations ran; if not, the session's record is the answer.
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

                // The session was ended meanwhile, or its lease has.
                _known.TryRemove(key.Session, out _);
            }
            catch (RaveException failure) when (EtcdFailures.IsLeaseGone(failure))
            {
                lease.Forget();
            }
        }
    }

    internal static SessionRecord? RecordIn(TxnResponse response) => SessionRecord.Decode(response.Responses[0].Range.Kvs[0].Value.Span);

    // A second time is like the first, unless the session goes on meanwhile, which it must not.
    internal async Task EndAsync(string session, CancellationToken cancellationToken)
    {
        _known.TryRemove(session, out _);
        await cluster.TxnAsync(new() { Success = { Ops.Delete(keys.Session(session)) } }, Repeat.Write, cancellationToken)
            .ConfigureAwait(false);
    }

    internal static RaveException Stale(IdempotencyKey key) => new(
        ErrorCodes.StaleRetry,
        $"The session has a later write than {key.Number}, or another one with that number. The outcome of this one is not known any more, "
        + "and it was not executed.");

    // A comparison with a value that is missing is always false, so a new session begins with an empty record.
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
        if (_known.Count >= KnownSessions)
        {
            _known.Clear();
        }

        _known[key.Session] = true;
    }
}
