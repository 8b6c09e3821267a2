using Google.Protobuf;
using Rave.Etcd.Wire;

namespace Rave.Etcd.Writes;

// Parts of transactions.
internal static class Ops
{
    internal static RequestOp Put(ByteString key, ByteString value, long lease = 0) =>
        new() { Put = new() { Key = key, Value = value, Lease = lease } };

    internal static RequestOp Delete(ByteString key) => new() { DeleteRange = new() { Key = key } };

    internal static RequestOp Get(ByteString key) => new() { Range = new() { Key = key } };

    internal static RequestOp Has(ByteString key) => new() { Range = new() { Key = key, CountOnly = true } };

    internal static RequestOp Then(TxnRequest nested) => new() { Txn = nested };

    internal static Compare Exists(ByteString key) =>
        new() { Key = key, Target = CompareTarget.Version, Result = CompareResult.Greater, Version = 0 };

    internal static Compare IsMissing(ByteString key) =>
        new() { Key = key, Target = CompareTarget.Version, Result = CompareResult.Equal, Version = 0 };

    // No later value of the key has this revision. 0 if there is no value.
    internal static Compare IsUnchanged(ByteString key, long revision) =>
        new() { Key = key, Target = CompareTarget.Mod, Result = CompareResult.Equal, ModRevision = revision };

    // False if there is no value.
    internal static Compare IsLess(ByteString key, ByteString value) =>
        new() { Key = key, Target = CompareTarget.Value, Result = CompareResult.Less, Value = value };

    internal static Compare Is(ByteString key, ByteString value) =>
        new() { Key = key, Target = CompareTarget.Value, Result = CompareResult.Equal, Value = value };
}
