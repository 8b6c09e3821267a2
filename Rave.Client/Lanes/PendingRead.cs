using System.Buffers;
using Rave.Server.Protocol;

namespace Rave.Client.Lanes;

// A get, whose value goes behind what the buffer holds, or a has.
internal sealed class PendingRead(PooledBuffer? value) : Pending<bool>
{
    protected override bool Read(ReadOnlySpan<byte> answer)
    {
        EntriesBinaryReader entry = new(answer);
        entry.Read();
        value?.Write(entry.Value);
        return entry.Found;
    }
}

// Several of them, in a buffer that is their caller's.
internal sealed class PendingReads : Pending<PooledBuffer>
{
    protected override PooledBuffer Read(ReadOnlySpan<byte> answer)
    {
        PooledBuffer own = new(answer.Length + 2);
        own.Write(answer);
        EntriesBinaryWriter.WriteEnd(own);
        return own;
    }
}

// A write, which is answered without a word.
internal sealed class PendingWrite : Pending<bool>
{
    protected override bool Read(ReadOnlySpan<byte> answer) => true;
}
