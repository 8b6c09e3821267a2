using System.Buffers.Binary;
using System.Numerics;

namespace Rave.Tests.Reliability;

// Where the blocks of a LevelDB table begin and how long they are, with the five bytes behind each: its compression and its checksum
// (doc/table_format.md). Found by the checksums alone: a block ends where the one over all since the last end is right.
internal static class TableBlocks
{
    private const int ChecksumBytes = sizeof(uint);

    internal static IEnumerable<(int Start, int Length)> Of(byte[] table)
    {
        int start = 0;
        uint crc = uint.MaxValue;
        for (int i = 0; i + ChecksumBytes < table.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, table[i]);
            if (Masked(~crc) == BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(i + 1)))
            {
                yield return (start, i + 1 + ChecksumBytes - start);
                i += ChecksumBytes;
                start = i + 1;
                crc = uint.MaxValue;
            }
        }
    }

    // As LevelDB stores it (util/crc32c.h).
    private static uint Masked(uint crc) => BitOperations.RotateRight(crc, 15) + 0xa282ead8;
}
