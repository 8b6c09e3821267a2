using Google.Protobuf;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;

namespace Rave.Etcd.Writes;

// A precondition of a write on one key, and what was last read of it. An ETag is a hash of the value, which etcd cannot compare. So the
// value is read and hashed here, and the transaction compares the revision of what was read: it is the same value as long as the revision
// is, and no later state has that revision.
internal sealed class CheckedKey(byte[] key, ByteString stored, Precondition precondition)
{
    private long _revision;
    private string? _etag;

    internal byte[] Key => key;

    // Whether the value has to be read before the write.
    internal bool NeedsValue => precondition.Tags is not null;

    internal bool Holds => precondition.Holds(_etag);

    internal RequestOp Read => NeedsValue ? Ops.Get(stored) : Ops.Has(stored);

    internal Compare Compare =>
        NeedsValue ? Ops.IsUnchanged(stored, _revision) : precondition.Wanted ? Ops.Exists(stored) : Ops.IsMissing(stored);

    // What the read above has found.
    internal void Found(RangeResponse response)
    {
        KeyValue? found = response.Kvs.Count > 0 ? response.Kvs[0] : null;
        _revision = found?.ModRevision ?? 0;
        // Which value it is matters only where it was read.
        _etag = found is not null ? ETag.Of(found.Value.Span) : response.Count > 0 ? "" : null;
    }
}
