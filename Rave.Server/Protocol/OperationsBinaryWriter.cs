using System.Buffers;
using System.Text;

namespace Rave.Server.Protocol;

// Writes application/vnd.rave.operations;v=1: what OperationsBinaryReader reads.
internal static class OperationsBinaryWriter
{
    // What stands around the bytes of a put, at most, and what it asks the buffer for.
    internal const int Framing = 1 + (3 * Varint.MaxBytes);

    // What stands around the bytes of any operation that is of a key alone.
    internal const int KeyFraming = 1 + Varint.MaxBytes;

    internal static void Put(IBufferWriter<byte> output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Write(output, OperationsBinaryReader.Put, key, value.Length + Varint.MaxBytes);
        WriteBytes(output, value);
    }

    internal static void Delete(IBufferWriter<byte> output, ReadOnlySpan<byte> key) => Write(output, OperationsBinaryReader.Delete, key);

    internal static void Get(IBufferWriter<byte> output, ReadOnlySpan<byte> key) => Write(output, OperationsBinaryReader.Get, key);

    internal static void Has(IBufferWriter<byte> output, ReadOnlySpan<byte> key) => Write(output, OperationsBinaryReader.Has, key);

    internal static void Check(IBufferWriter<byte> output, ReadOnlySpan<byte> key, Precondition precondition)
    {
        switch (precondition)
        {
            case { Tags: null }:
                Write(output, precondition.Wanted ? OperationsBinaryReader.CheckExists : OperationsBinaryReader.CheckMissing, key);
                break;
            case { Tags: [], Wanted: true }:
                // None of no tags is ever the value's, and of these two one never holds.
                Write(output, OperationsBinaryReader.CheckExists, key);
                Write(output, OperationsBinaryReader.CheckMissing, key);
                break;
            case { Tags: [_, ..] tags }:
                Write(output, precondition.Wanted ? OperationsBinaryReader.CheckETag : OperationsBinaryReader.CheckOtherETag, key);
                WriteBytes(output, Encoding.ASCII.GetBytes(string.Concat(tags)));
                break;
        }
    }

    // A get or a has. The destination has room for the key and its framing. Returns how much of that was taken.
    internal static int WriteKey(Span<byte> destination, OperationType type, ReadOnlySpan<byte> key) =>
        Write(destination, type == OperationType.Get ? OperationsBinaryReader.Get : OperationsBinaryReader.Has, key);

    // A length and so many bytes.
    internal static void WriteBytes(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        Span<byte> span = output.GetSpan(Varint.MaxBytes + bytes.Length);
        int length = Varint.Write(span, bytes.Length);
        bytes.CopyTo(span[length..]);
        output.Advance(length + bytes.Length);
    }

    // Asks for what follows as well, so that the buffer grows once.
    private static void Write(IBufferWriter<byte> output, byte mark, ReadOnlySpan<byte> key, int following = 0) =>
        output.Advance(Write(output.GetSpan(KeyFraming + key.Length + following), mark, key));

    private static int Write(Span<byte> destination, byte mark, ReadOnlySpan<byte> key)
    {
        destination[0] = mark;
        int length = 1 + Varint.Write(destination[1..], key.Length);
        key.CopyTo(destination[length..]);
        return length + key.Length;
    }
}
