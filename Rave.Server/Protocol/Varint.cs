namespace Rave.Server.Protocol;

// The lengths in the binary forms: seven bits per byte, lowest first, with the high bit set on all bytes but the last (LEB128).
// At most 2^31 - 1. Only the shortest form of a number is valid.
internal static class Varint
{
    internal const int MaxBytes = 5;

    // Returns the number of bytes written.
    internal static int Write(Span<byte> destination, int value)
    {
        uint rest = (uint)value;
        int length = 0;
        while (rest >= 0x80)
        {
            destination[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        destination[length++] = (byte)rest;
        return length;
    }

    // Writes the length and the bytes. Returns the number of bytes written.
    internal static int WriteBytes(Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        int length = Write(destination, bytes.Length);
        bytes.CopyTo(destination[length..]);
        return length + bytes.Length;
    }

    // False if the source does not begin with a valid number.
    internal static bool TryRead(ReadOnlySpan<byte> source, out int value, out int length)
    {
        uint number = 0;
        for (length = 0; length < Math.Min(source.Length, MaxBytes);)
        {
            byte next = source[length];
            number |= (uint)(next & 0x7f) << (7 * length++);
            if (next < 0x80)
            {
                value = (int)number;
                bool isShortest = next > 0 || length == 1;
                return isShortest && value >= 0 && (length < MaxBytes || next < 8);
            }
        }

        value = 0;
        return false;
    }

    // Removes a length and its bytes from the front of the source. False if they are not complete.
    internal static bool TryTake(scoped ref ReadOnlySpan<byte> source, out ReadOnlySpan<byte> bytes)
    {
        if (!source.IsEmpty && source[0] < Math.Min(0x80, source.Length))
        {
            // The usual case: a length of one byte.
            bytes = source.Slice(1, source[0]);
            source = source[(1 + source[0])..];
            return true;
        }

        if (TryRead(source, out int count, out int length) && count <= source.Length - length)
        {
            bytes = source.Slice(length, count);
            source = source[(length + count)..];
            return true;
        }

        bytes = default;
        return false;
    }
}
