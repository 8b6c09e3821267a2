using System.Buffers;

namespace Rave.Server.Protocol;

// Writes application/vnd.rave.entries;v=1: pages and the answers of get-many. docs/http.md has it byte by byte.
internal static class EntriesBinaryWriter
{
    internal const byte End = 0;
    internal const byte Missing = 1;

    // Of an entry, with a bit for each of its parts that is there.
    internal const byte Entry = 4;
    internal const byte WithKey = 1;
    internal const byte WithValue = 2;

    internal static void WriteEntry(IBufferWriter<byte> output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool withKey, bool withValue)
    {
        Span<byte> span = output.GetSpan(1 + (2 * Varint.MaxBytes) + key.Length + value.Length);
        span[0] = (byte)(Entry | (withKey ? WithKey : 0) | (withValue ? WithValue : 0));
        int length = 1;
        if (withKey)
        {
            length += Varint.Write(span[length..], key.Length);
            key.CopyTo(span[length..]);
            length += key.Length;
        }

        if (withValue)
        {
            length += Varint.Write(span[length..], value.Length);
            value.CopyTo(span[length..]);
            length += value.Length;
        }

        output.Advance(length);
    }

    internal static void WriteMissing(IBufferWriter<byte> output) => WriteByte(output, Missing);

    // Where a page goes on, or null at the end of its range, and of every get-many.
    internal static void WriteEnd(IBufferWriter<byte> output, string? continuation = null)
    {
        WriteByte(output, End);
        OperationsBinaryWriter.WriteBytes(output, System.Text.Encoding.ASCII.GetBytes(continuation ?? ""));
    }

    private static void WriteByte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
