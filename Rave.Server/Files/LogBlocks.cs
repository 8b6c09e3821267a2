using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Files;

// The format of LevelDB's logs, which a MANIFEST has too (db/log_format.h): blocks of 32 KiB, in them fragments, each with a checksum.
internal static class LogBlocks
{
    private const int BlockBytes = 32 << 10;

    // In their order, to the end of the file. The data is good until the next one is asked for.
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
                    // Too little for a header: the writer filled it up.
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
            return new(FragmentKind.Cut, offset, rest.Length, default);
        }

        int length = LengthOf(rest);
        if (length > rest.Length)
        {
            return new(block.Length < BlockBytes ? FragmentKind.Cut : FragmentKind.RestDamaged, offset, rest.Length, default);
        }

        if (IsBlank(rest))
        {
            // LevelDB steps over all of it, zeros or not.
            return new(rest.ContainsAnyExcept((byte)0) ? FragmentKind.RestDamaged : FragmentKind.Blank, offset, rest.Length, default);
        }

        if (IsSound(rest))
        {
            return new((FragmentKind)rest[6], offset, length, block.Slice(at + LogFragment.HeaderBytes, length - LogFragment.HeaderBytes));
        }

        return LeadsOn(rest[length..])
            ? new(FragmentKind.Damaged, offset, length, default)
            : new(FragmentKind.RestDamaged, offset, rest.Length, default);
    }

    // The length of what is damaged is believed only if it leads to something sound, if need be through more of its kind.
    private static bool LeadsOn(ReadOnlySpan<byte> behind)
    {
        while (behind.Length >= LogFragment.HeaderBytes && !IsBlank(behind) && !IsSound(behind))
        {
            if (LengthOf(behind) > behind.Length)
            {
                return false;
            }

            behind = behind[LengthOf(behind)..];
        }

        return true;
    }

    private static bool IsSound(ReadOnlySpan<byte> bytes) =>
        LengthOf(bytes) <= bytes.Length
        && bytes[6] is >= (byte)FragmentKind.Full and <= (byte)FragmentKind.Last
        && Checksum.IsRight(bytes[6..LengthOf(bytes)], bytes);

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => LengthOf(bytes) == LogFragment.HeaderBytes && bytes[6] == 0;

    // With its header.
    private static int LengthOf(ReadOnlySpan<byte> header) => LogFragment.HeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);

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
