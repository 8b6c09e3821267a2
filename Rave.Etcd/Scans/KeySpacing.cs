using System.Numerics;

namespace Rave.Etcd.Scans;

// How far apart the keys of a stretch lie, taken as numbers of so many bytes: to guess where as many more end.
internal sealed record KeySpacing(int Length, BigInteger Width, long Keys)
{
    private const int Digits = 8;

    // Keys with more in common are not guessed about: numbers of that length are slow.
    private const int LongestCommon = 256;

    private const int Widening = 16;

    // Null where the two are not told apart, or only far behind.
    internal static KeySpacing? Of(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, long keys)
    {
        int common = low.CommonPrefixLength(high);
        int length = common + Digits;
        BigInteger width = Number(high, length) - Number(low, length);
        return common > LongestCommon || width <= 0 || keys < 2 ? null : new(length, width, keys);
    }

    // Where no key was found.
    internal KeySpacing Wider() => this with { Width = Width * Widening };

    // Behind so many keys, or before them in reverse; null where that is past all numbers.
    internal byte[]? Beyond(ReadOnlySpan<byte> key, long keys, bool reverse)
    {
        BigInteger step = BigInteger.Max((Width * keys / Keys) + 1, 1);
        BigInteger place = Number(key, Length) + (reverse ? -step : step);
        if (place.Sign <= 0 || place.GetByteCount(isUnsigned: true) > Length)
        {
            return null;
        }

        byte[] beyond = new byte[Length];
        byte[] digits = place.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(beyond, Length - digits.Length);
        return beyond;
    }

    // The first bytes of a key, with zeros where it is shorter.
    private static BigInteger Number(ReadOnlySpan<byte> key, int length)
    {
        byte[] digits = new byte[length];
        key[..Math.Min(length, key.Length)].CopyTo(digits);
        return new(digits, isUnsigned: true, isBigEndian: true);
    }
}
