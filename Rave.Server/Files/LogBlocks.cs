using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Files;

// The format of LevelDB's logs and MANIFESTs (db/log_format.h): blocks of 32 KiB with fragments, each with a checksum.
internal static class LogBlocks
{
    private const int BlockBytes = 32 << 10;

    // All fragments in order. The data of one is valid until the next one is read.
    internal static IEnumerable<LogFragment> Fragments(SafeFileHandle file)
    {
        byte[] block = new byte[BlockBytes];
        for (long offset = 0; ; offset += BlockBytes)
        {
            int length = ReadBlock(file, block, offset);
            for (int at = 0; at < length;)
            {
                LogFragment fragment = Next(block.AsMemory(0, length), at, offset);
                if (length - at < LogFragment.HeaderBytes && length == BlockBytes)
                {
                    // Too short for a header: padding.
                    break;
                }

                yield return fragment;
                at += fragment.Length;
            }

            if (length < BlockBytes)
            {
                yield break;
            }
        }
    }

    private static LogFragment Next(ReadOnlyMemory<byte> block, int at, long blockOffset)
    {
        ReadOnlySpan<byte> rest = block.Span[at..];
        long offset = blockOffset + at;
        if (rest.Length < LogFragment.HeaderBytes)
        {
            return new(FragmentKind.Truncated, offset, rest.Length, default);
        }

        int length = LengthOf(rest);
        if (length > rest.Length)
        {
            return new(block.Length < BlockBytes ? FragmentKind.Truncated : FragmentKind.RestDamaged, offset, rest.Length, default);
        }

        if (IsBlank(rest))
        {
            // LevelDB skips all of it, even if it is not all zeros.
            return new(rest.ContainsAnyExcept((byte)0) ? FragmentKind.RestDamaged : FragmentKind.Blank, offset, rest.Length, default);
        }

        if (IsIntact(rest))
        {
            return new((FragmentKind)rest[6], offset, length, block.Slice(at + LogFragment.HeaderBytes, length - LogFragment.HeaderBytes));
        }

        return LeadsToIntact(rest[length..])
            ? new(FragmentKind.Damaged, offset, length, default)
            : new(FragmentKind.RestDamaged, offset, rest.Length, default);
    }

    // The length of a damaged fragment is trusted only if it leads to an intact one, maybe after more damaged ones.
    private static bool LeadsToIntact(ReadOnlySpan<byte> following)
    {
        while (following.Length >= LogFragment.HeaderBytes && !IsBlank(following) && !IsIntact(following))
        {
            if (LengthOf(following) > following.Length)
            {
                return false;
            }

            following = following[LengthOf(following)..];
        }

        return true;
    }

    private static bool IsIntact(ReadOnlySpan<byte> bytes) =>
        LengthOf(bytes) <= bytes.Length
        && bytes[6] is >= (byte)FragmentKind.Full and <= (byte)FragmentKind.Last
        && Checksum.Matches(bytes[6..LengthOf(bytes)], bytes);

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => LengthOf(bytes) == LogFragment.HeaderBytes && bytes[6] == 0;

    // Includes the header.
    private static int LengthOf(ReadOnlySpan<byte> header) =>
        LogFragment.HeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);

    private static int ReadBlock(SafeFileHandle file, byte[] block, long offset)
    {
        int length = 0;
        while (length < block.Length && RandomAccess.Read(file, block.AsSpan(length), offset + length) is > 0 and var read)
        {
            length += read;
        }

        return length;
    }
}
