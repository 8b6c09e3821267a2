using Google.Protobuf;
using Rave.Etcd.Keys;
using Rave.Etcd.Scans;
using Rave.Etcd.Wire;
using Rave.Etcd.Writes;
using Rave.Server.Storage;

namespace Rave.Etcd.Clears;

// Keys that a clear deletes next, in the order of its scan.
internal sealed class ClearChunk
{
    // Etcd deletes a range while all writers of the cluster wait: 10,000 keys took 160 ms, 190,000 took 2 s.
    private const int MostKeys = 1_000;
    private const int MostBytes = 1 << 20;

    private readonly List<byte[]> _keys = [];
    private readonly Moment _moment;
    private readonly bool _reverse;
    private Scan? _next;

    private ClearChunk(long revision, bool reverse)
    {
        _moment = new(revision);
        _reverse = reverse;
    }

    internal static async Task<ClearChunk> ReadAsync(PageReader pages, Scan scan, long revision, CancellationToken cancellationToken)
    {
        ClearChunk chunk = new(revision, scan.Reverse);
        long bytes = 0;
        Scan keysOnly = scan with { Keys = true, Values = false, ETags = false };
        chunk._next = await pages.WalkAsync(keysOnly, chunk._moment, MostKeys, MostBytes, (key, _) =>
        {
            bytes += key.Length;
            if (chunk._keys.Count > 0 && bytes > MostBytes)
            {
                return false;
            }

            chunk._keys.Add(key.ToArray());
            return true;
        }, cancellationToken).ConfigureAwait(false);
        return chunk;
    }

    // All of it at once, if no other key may go: then only as long as no key came between since it was read.
    internal ClearStep AtOnce(Keyspace keys, bool exactly)
    {
        if (_keys.Count == 0)
        {
            return new([], null, null, 0);
        }

        byte[] low = _reverse ? _keys[^1] : _keys[0];
        byte[] high = _reverse ? _keys[0] : _keys[^1];
        ByteString from = keys.Entry(low);
        ByteString end = keys.Entry(KeyRange.Successor(high));
        Compare nothingCame = new()
        {
            Key = from, RangeEnd = end, Target = CompareTarget.Create, Result = CompareResult.Less, CreateRevision = _moment.Revision + 1,
        };
        RequestOp delete = new() { DeleteRange = new() { Key = from, RangeEnd = end } };
        return new([delete], exactly ? nothingCame : null, _next?.LastKey, _keys.Count);
    }

    // The same keys by name, in steps that fit in a transaction. Keys that were added between them stay.
    internal IEnumerable<ClearStep> OneByOne(Keyspace keys, int atMost)
    {
        int done = 0;
        foreach (byte[][] some in _keys.Chunk(atMost))
        {
            done += some.Length;
            bool isLast = done == _keys.Count && _next is null;
            yield return new([.. some.Select(key => Ops.Delete(keys.Entry(key)))], null, isLast ? null : some[^1], some.Length);
        }
    }
}
