using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// A put or a del in bytes, as a batch holds it.
internal readonly record struct Operation(OperationType Type, byte[] Key, byte[] Value)
{
    internal void AddTo(WriteBatch batch)
    {
        if (Type == OperationType.Put)
        {
            batch.Put(Key, Value);
        }
        else
        {
            batch.Del(Key);
        }
    }
}
