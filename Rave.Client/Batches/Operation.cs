using System.Buffers;
using Rave.Server.Protocol;

namespace Rave.Client.Batches;

// A put, a delete or a check in bytes.
internal readonly record struct Operation(OperationType Type, byte[] Key, byte[] Value, Precondition? Precondition = null)
{
    // Appends the binary form.
    internal void AddTo(IBufferWriter<byte> body)
    {
        switch (Type)
        {
            case OperationType.Put:
                OperationsBinaryWriter.Put(body, Key, Value);
                break;
            case OperationType.Delete:
                OperationsBinaryWriter.Delete(body, Key);
                break;
            default:
                OperationsBinaryWriter.Check(body, Key, Precondition!);
                break;
        }
    }
}
