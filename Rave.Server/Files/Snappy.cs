using System.Buffers.Binary;

namespace Rave.Server.Files;

// Decompresses Snappy (its format_description.txt), for the index of a table.
internal static class Snappy
{
    // Null if the source is not Snappy, or too large.
    internal static byte[]? Decompress(ReadOnlySpan<byte> source, int most)
    {
        ByteCursor cursor = new(source);
        if (!cursor.TakeVarint(out ulong length) || length > (ulong)most)
        {
            return null;
        }

        byte[] result = new byte[length];
        int written = 0;
        while (cursor.TakeBytes(1, out ReadOnlySpan<byte> tag))
        {
            bool isLiteral = (tag[0] & 3) == 0;
            if (!(isLiteral ? Literal(ref cursor, tag[0] >> 2, result, ref written) : Copy(ref cursor, tag[0], result, ref written)))
            {
                return null;
            }
        }

        return written == result.Length ? result : null;
    }

    private static bool Literal(ref ByteCursor cursor, int length, byte[] result, ref int written)
    {
        if (length >= 60 && !TakeNumber(ref cursor, length - 59, out length))
        {
            return false;
        }

        if (length < 0 || length >= result.Length - written || !cursor.TakeBytes((ulong)length + 1, out ReadOnlySpan<byte> literal))
        {
            return false;
        }

        literal.CopyTo(result.AsSpan(written));
        written += literal.Length;
        return true;
    }

    private static bool Copy(ref ByteCursor cursor, byte tag, byte[] result, ref int written)
    {
        int kind = tag & 3;
        if (!TakeNumber(ref cursor, kind == 3 ? 4 : kind, out int offset))
        {
            return false;
        }

        int length = (tag >> 2) + 1;
        if (kind == 1)
        {
            offset |= (tag >> 5) << 8;
            length = ((tag >> 2) & 7) + 4;
        }

        if (offset <= 0 || offset > written || length > result.Length - written)
        {
            return false;
        }

        // Byte by byte, because the copy may overlap its own output.
        for (int end = written + length; written < end; written++)
        {
            result[written] = result[written - offset];
        }

        return true;
    }

    private static bool TakeNumber(ref ByteCursor cursor, int bytes, out int number)
    {
        Span<byte> four = stackalloc byte[sizeof(int)];
        four.Clear();
        bool taken = cursor.TakeBytes((ulong)bytes, out ReadOnlySpan<byte> read);
        read.CopyTo(four);
        number = BinaryPrimitives.ReadInt32LittleEndian(four);
        return taken;
    }
}
