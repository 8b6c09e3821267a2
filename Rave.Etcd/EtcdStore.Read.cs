using Google.Protobuf;
using Rave.Etcd.Reads;
using Rave.Etcd.Snapshots;
using Rave.Etcd.Wire;
using Rave.Etcd.Writes;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Etcd;

internal sealed partial class EtcdStore
{
    private readonly SnapshotTable _snapshots;
    private readonly ManyReader _manyReader;

    public async ValueTask<T> GetAsync<T>(
        ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        byte[] own = key.ToArray();
        RangeResponse? found = await FindAsync(own, countOnly: !reader.NeedsValue, snapshot, cancellationToken).ConfigureAwait(false);
        return found is null or { Count: 0 }
            ? reader.Read(found: false, own, default)
            : reader.Read(found: true, own, reader.NeedsValue ? found.Kvs[0].Value.Span : default);
    }

    // Several requests all read at the revision of the first one.
    public async ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken)
    {
        List<RequestOp?> reads = ReadsOf(keys.Span);
        _counts.CountGets(reads.Count);
        while (true)
        {
            try
            {
                return await _manyReader.ReadAsync(reads, new(RevisionOf(snapshot)), cancellationToken).ConfigureAwait(false);
            }
            catch (RaveException compacted) when (snapshot is null && compacted.Code == ErrorCodes.SnapshotNotOpen)
            {
                // Compacted between two of the requests. All of them are sent again at a new revision.
            }
        }
    }

    public async ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        RangeResponse now = await _cluster.RangeAsync(new() { Key = _keys.Format, CountOnly = true }, cancellationToken)
            .ConfigureAwait(false);
        SnapshotId id = _snapshots.Open(_clusterId, now.Header.Revision, timeToLive);
        return new(id.ToString(), id.ExpiresAt);
    }

    public ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken)
    {
        _snapshots.End(id, _clusterId);
        return default;
    }

    // Null for a reserved key, which is never found.
    private async ValueTask<RangeResponse?> FindAsync(
        ReadOnlyMemory<byte> key, bool countOnly, string? snapshot, CancellationToken cancellationToken)
    {
        OperationLimits.CheckKeyLength(key.Length, Limits);
        _counts.CountGets(1);
        long revision = RevisionOf(snapshot);
        if (ReservedKeys.Contains(key.Span))
        {
            return null;
        }

        RangeRequest request = new() { Key = _keys.Entry(key.Span), CountOnly = countOnly, Revision = revision };
        return await _cluster.RangeAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private List<RequestOp?> ReadsOf(ReadOnlySpan<byte> keys)
    {
        List<RequestOp?> reads = [];
        OperationsBinaryReader reader = new(keys);
        while (reader.ReadKey())
        {
            OperationLimits.CheckKeyLength(reader.Key.Length, Limits);
            if (reads.Count == Limits.GetManyKeys)
            {
                throw KeysJsonReader.TooMany(Limits.GetManyKeys);
            }

            ByteString key = _keys.Entry(reader.Key);
            reads.Add(ReservedKeys.Contains(reader.Key) ? null : reader.Type == OperationType.Get ? Ops.Get(key) : Ops.Has(key));
        }

        return reads;
    }

    // 0, the newest revision, without a snapshot.
    private long RevisionOf(string? snapshot) => snapshot is null ? 0 : _snapshots.Use(snapshot, _clusterId);
}
