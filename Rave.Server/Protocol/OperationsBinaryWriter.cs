using System.Buffers;
using System.Text;

namespace Rave.Server.Protocol;

// Writes application/vnd.rave.operations;v=1, which OperationsBinaryReader reads.
internal static class OperationsBinaryWriter
{
    // The most bytes of a put beside its key and value, with the slack that it asks the buffer for.
    internal const int Framing = 1 + (3 * Varint.MaxBytes);

    // The most bytes of an operation without a value beside its key.
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
                // No value has one of no tags, so this must always fail. One of these two checks does.
                Write(output, OperationsBinaryReader.CheckExists, key);
                Write(output, OperationsBinaryReader.CheckMissing, key);
                break;
            case { Tags: [_, ..] tags }:
                Write(output, precondition.Wanted ? OperationsBinaryReader.CheckETag : OperationsBinaryReader.CheckOtherETag, key);
                WriteBytes(output, Encoding.ASCII.GetBytes(string.Concat(tags)));
                break;
        }
    }

    // Writes a get or a has to a destination with room for the key and KeyFraming. Returns the number of bytes written.
    internal static int WriteKey(Span<byte> destination, OperationType type, ReadOnlySpan<byte> key) =>
        Write(destination, type == OperationType.Get ? OperationsBinaryReader.Get : OperationsBinaryReader.Has, key);

    internal static void WriteBytes(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes) =>
        output.Advance(Varint.WriteBytes(output.GetSpan(Varint.MaxBytes + bytes.Length), bytes));

    // Asks the buffer for the following bytes too, so that it grows only once.
    private static void Write(IBufferWriter<byte> output, byte mark, ReadOnlySpan<byte> key, int following = 0) =>
        output.Advance(Write(output.GetSpan(KeyFraming + key.Length + following), mark, key));

    private static int Write(Span<byte> destination, byte mark, ReadOnlySpan<byte> key)
    {
        destination[0] = mark;
        return 1 + Varint.WriteBytes(destination[1..], key);
    }
}
