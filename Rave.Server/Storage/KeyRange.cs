using System.Numerics;

namespace Rave.Server.Storage;

// Keys from Start (inclusive; null for the first) to End (exclusive; null for all).
internal readonly record struct KeyRange(byte[]? Start, byte[]? End)
{
    internal bool IsEmpty => End is not null && Start.AsSpan().SequenceCompareTo(End) >= 0;

    internal static byte[] Successor(ReadOnlySpan<byte> key)
    {
        byte[] next = new byte[key.Length + 1];
        key.CopyTo(next);
        return next;
    }

    // The end of a range of all keys with at most so many bytes.
    internal static byte[] EndOfKeys(int keyBytes)
    {
        byte[] end = new byte[keyBytes + 1];
        Array.Fill(end, (byte)0xff);
        return end;
    }

    // A short key about halfway between two others. Null if there is none, or if the two are very similar.
    internal static byte[]? Middle(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high)
    {
        const int window = 8;
        const int widest = 64;
        int common = low.CommonPrefixLength(high);
        for (int length = common + window; length <= common + widest; length += window)
        {
            BigInteger from = Fraction(low, common, length);
            BigInteger to = Fraction(high, common, length);
            if (to - from > 1)
            {
                byte[] middle = new byte[length];
                low[..common].CopyTo(middle);
                byte[] digits = ((from + to) / 2).ToByteArray(isUnsigned: true, isBigEndian: true);
                digits.CopyTo(middle, length - digits.Length);
                return middle;
            }
        }

        return null;
    }

    internal static KeyRange OfPrefix(ReadOnlySpan<byte> prefix)
    {
        // The end is the prefix with its last byte incremented. A trailing 0xff overflows and is dropped.
        ReadOnlySpan<byte> head = prefix.TrimEnd((byte)0xff);
        if (head.IsEmpty)
        {
            return new(prefix.ToArray(), null);
        }

        byte[] end = head.ToArray();
        end[^1]++;
        return new(prefix.ToArray(), end);
    }

    internal bool BeginsAtOrBefore(ReadOnlySpan<byte> key) => Start is null || key.SequenceCompareTo(Start) >= 0;

    internal bool EndsAfter(ReadOnlySpan<byte> key) => End is null || key.SequenceCompareTo(End) < 0;

    internal bool Contains(ReadOnlySpan<byte> key) => BeginsAtOrBefore(key) && EndsAfter(key);

    internal KeyRange Intersect(KeyRange other) => new(Later(Start, other.Start), Earlier(End, other.End));

    // The rest of the range after this key.
    internal KeyRange Resume(ReadOnlySpan<byte> lastKey, bool reverse) =>
        reverse ? this with { End = lastKey.ToArray() } : this with { Start = Successor(lastKey) };

    // The bytes from start to end as a number, with zeros after the end of the key.
    private static BigInteger Fraction(ReadOnlySpan<byte> key, int start, int end)
    {
        Span<byte> digits = stackalloc byte[end - start];
        digits.Clear();
        ReadOnlySpan<byte> own = key[Math.Min(start, key.Length)..Math.Min(end, key.Length)];
        own.CopyTo(digits);
        return new(digits, isUnsigned: true, isBigEndian: true);
    }

    private static byte[]? Later(byte[]? a, byte[]? b) =>
        a is null ? b : b is null || a.AsSpan().SequenceCompareTo(b) >= 0 ? a : b;

    private static byte[]? Earlier(byte[]? a, byte[]? b) =>
        a is null ? b : b is null || a.AsSpan().SequenceCompareTo(b) <= 0 ? a : b;
}
