using System.Numerics;

namespace Rave.Etcd.Scans;

// The density of keys in a part of a range. Keys are taken as numbers of Length bytes. It estimates where the next keys end.
internal sealed record KeySpacing(int Length, BigInteger Width, long Keys)
{
    private const int Digits = 8;

    // With a longer common prefix, there is no estimate, because arithmetic with such long numbers is slow.
    private const int MaxCommonBytes = 256;

    private const int Widening = 16;

    // Null if the two keys are equal, or differ only after a long common prefix.
    internal static KeySpacing? Of(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, long keys)
    {
        int common = low.CommonPrefixLength(high);
        int length = common + Digits;
        BigInteger width = Number(high, length) - Number(low, length);
        return common > MaxCommonBytes || width <= 0 || keys < 2 ? null : new(length, width, keys);
    }

    // For the next window after one without keys.
    internal KeySpacing Wider() => this with { Width = Width * Widening };

    // Estimates the key that is this many keys after the given one, or before it in reverse. Null if there is no such number.
    internal byte[]? KeyAfter(ReadOnlySpan<byte> key, long keys, bool reverse)
    {
        BigInteger step = BigInteger.Max((Width * keys / Keys) + 1, 1);
        BigInteger place = Number(key, Length) + (reverse ? -step : step);
        if (place.Sign <= 0 || place.GetByteCount(isUnsigned: true) > Length)
        {
            return null;
        }

        byte[] estimate = new byte[Length];
        byte[] digits = place.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(estimate, Length - digits.Length);
        return estimate;
    }

    // The first bytes of a key as a number. A shorter key is padded with zeros.
    private static BigInteger Number(ReadOnlySpan<byte> key, int length)
    {
        byte[] digits = new byte[length];
        key[..Math.Min(length, key.Length)].CopyTo(digits);
        return new(digits, isUnsigned: true, isBigEndian: true);
    }
}
