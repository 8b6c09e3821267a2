namespace Rave.Server.Protocol;

// Lengths in the binary forms: seven bits a byte, the lowest first, the high bit on all bytes but the last (LEB128).
// Up to 2^31 - 1, and one number has one spelling, the shortest.
internal static class Varint
{
    internal const int MaxBytes = 5;

    // The bytes written.
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

    // False where the bytes begin with no such number.
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

    // Cuts what a length and so many bytes make off the front. False where they are not all there.
    internal static bool TryTake(scoped ref ReadOnlySpan<byte> source, out ReadOnlySpan<byte> bytes)
    {
        if (!source.IsEmpty && source[0] < Math.Min(0x80, source.Length))
        {
            // Most are short, and their length is one byte.
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
