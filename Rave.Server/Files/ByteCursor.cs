namespace Rave.Server.Files;

// Removes numbers and strings, as LevelDB writes them (util/coding.h), from the front of the bytes. False if they are incomplete.
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private const int LongestVarint = 10;

    internal ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    internal bool TakeVarint(out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(Rest.Length, LongestVarint); i++)
        {
            value |= (ulong)(Rest[i] & 0x7f) << (7 * i);
            if (Rest[i] < 0x80)
            {
                Rest = Rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    internal bool TakeBytes(ulong count, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (count > (ulong)Rest.Length)
        {
            return false;
        }

        taken = Rest[..(int)count];
        Rest = Rest[(int)count..];
        return true;
    }

    // A string follows its length.
    internal bool TakeString(out ReadOnlySpan<byte> taken)
    {
        taken = default;
        return TakeVarint(out ulong count) && TakeBytes(count, out taken);
    }
}
