using System.Numerics;

namespace Rave.Server.Storage;

// Keys from Start (inclusive, null: the first) to End (exclusive, null: the last). Every range is this, once its bounds are worked out.
internal readonly record struct KeyRange(byte[]? Start, byte[]? End)
{
    internal bool IsEmpty => End is not null && Start.AsSpan().SequenceCompareTo(End) >= 0;

    internal static byte[] Successor(ReadOnlySpan<byte> key)
    {
        byte[] next = new byte[key.Length + 1];
        key.CopyTo(next);
        return next;
    }

    // Behind every key of so many bytes.
    internal static byte[] Behind(int keyBytes)
    {
        byte[] end = new byte[keyBytes + 1];
        Array.Fill(end, (byte)0xff);
        return end;
    }

    // A short key about half way between two, as fractions; null where none lies between them, or only such as are hardly different.
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
        // The first key behind a prefix is the prefix with its last byte counted up; 0xff carries over and is dropped.
        ReadOnlySpan<byte> head = prefix.TrimEnd((byte)0xff);
        if (head.IsEmpty)
        {
            return new(prefix.ToArray(), null);
        }

        byte[] end = head.ToArray();
        end[^1]++;
        return new(prefix.ToArray(), end);
    }

    internal bool Contains(ReadOnlySpan<byte> key) =>
        (Start is null || key.SequenceCompareTo(Start) >= 0) && (End is null || key.SequenceCompareTo(End) < 0);

    internal KeyRange Intersect(KeyRange other) => new(Later(Start, other.Start), Earlier(End, other.End));

    // What is left of the range once everything up to and including this key has been seen.
    internal KeyRange Resume(ReadOnlySpan<byte> lastKey, bool reverse) =>
        reverse ? this with { End = lastKey.ToArray() } : this with { Start = Successor(lastKey) };

    // The digits from one place to another, with zeros where the key has ended.
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
