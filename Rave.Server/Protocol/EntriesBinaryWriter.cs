using System.Buffers;

namespace Rave.Server.Protocol;

// Writes pages and the answers of get-many as application/vnd.rave.entries;v=1. docs/http.md describes each byte.
internal static class EntriesBinaryWriter
{
    internal const byte End = 0;
    internal const byte Missing = 1;

    // An entry. The bits below say which parts it has.
    internal const byte Entry = 4;
    internal const byte WithKey = 1;
    internal const byte WithValue = 2;

    internal static void WriteEntry(
        IBufferWriter<byte> output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool withKey, bool withValue)
    {
        Span<byte> span = output.GetSpan(1 + (2 * Varint.MaxBytes) + key.Length + value.Length);
        span[0] = (byte)(Entry | (withKey ? WithKey : 0) | (withValue ? WithValue : 0));
        int length = 1;
        if (withKey)
        {
            length += Varint.WriteBytes(span[length..], key);
        }

        if (withValue)
        {
            length += Varint.WriteBytes(span[length..], value);
        }

        output.Advance(length);
    }

    internal static void WriteMissing(IBufferWriter<byte> output) => WriteByte(output, Missing);

    // The continuation is null at the end of a range, and always for a get-many.
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
