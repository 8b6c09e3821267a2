using Google.Protobuf;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;

namespace Rave.Etcd.Writes;

// A precondition of a write on one key, and the last known state of the key. An ETag is a hash of the value, which etcd cannot compare. So
// the value is read and hashed here, and the transaction compares its revision. As long as the revision is the same, the value is the
// same. No later value has this revision.
internal sealed class CheckedKey(byte[] key, ByteString stored, Precondition precondition)
{
    private long _revision;
    private string? _etag;

    internal byte[] Key => key;

    // Whether the value must be read before the write.
    internal bool NeedsValue => precondition.Tags is not null;

    internal bool Holds => precondition.Holds(_etag);

    internal RequestOp Read => NeedsValue ? Ops.Get(stored) : Ops.Has(stored);

    internal Compare Compare =>
        NeedsValue ? Ops.IsUnchanged(stored, _revision) : precondition.Wanted ? Ops.Exists(stored) : Ops.IsMissing(stored);

    // Stores the result of Read.
    internal void Found(RangeResponse response)
    {
        KeyValue? found = response.Kvs.Count > 0 ? response.Kvs[0] : null;
        _revision = found?.ModRevision ?? 0;
        // If only the existence was read, the value does not matter.
        _etag = found is not null ? ETag.Of(found.Value.Span) : response.Count > 0 ? "" : null;
    }
}
