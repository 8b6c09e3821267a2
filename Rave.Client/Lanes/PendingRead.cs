using System.Buffers;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Lanes;

// A get or a has.
internal sealed class PendingRead<T>(ValueReader<T> reader) : Pending<T>
{
    protected override T Read(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer)
    {
        EntriesBinaryReader entry = new(answer);
        entry.Read();
        return reader.Read(entry.Found, OperationsBinaryReader.KeyOf(operations), entry.Value);
    }
}

// Several gets and hases. The caller owns the buffer.
internal sealed class PendingReads : Pending<PooledBuffer>
{
    protected override PooledBuffer Read(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer)
    {
        PooledBuffer own = new(answer.Length + 2);
        own.Write(answer);
        EntriesBinaryWriter.WriteEnd(own);
        return own;
    }
}

// A write, whose answer is empty.
internal sealed class PendingWrite : Pending<bool>
{
    protected override bool Read(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer) => true;
}
