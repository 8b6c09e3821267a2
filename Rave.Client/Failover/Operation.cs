using System.Buffers;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// A put, a del or a check in bytes, as a batch holds it.
internal readonly record struct Operation(OperationType Type, byte[] Key, byte[] Value, Precondition? Precondition = null)
{
    internal void AddTo(WriteBatch batch)
    {
        switch (Type)
        {
            case OperationType.Put:
                batch.Put(Key, Value);
                break;
            case OperationType.Del:
                batch.Del(Key);
                break;
            default:
                batch.Check(Key, Precondition!);
                break;
        }
    }

    // In the binary form.
    internal void AddTo(IBufferWriter<byte> body)
    {
        switch (Type)
        {
            case OperationType.Put:
                OperationsBinaryWriter.Put(body, Key, Value);
                break;
            case OperationType.Del:
                OperationsBinaryWriter.Del(body, Key);
                break;
            default:
                OperationsBinaryWriter.Check(body, Key, Precondition!);
                break;
        }
    }
}
