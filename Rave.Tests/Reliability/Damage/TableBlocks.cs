using System.Buffers.Binary;
using System.Numerics;

namespace Rave.Tests.Reliability;

// The positions and lengths of the blocks of a LevelDB table, with the five bytes after each: compression and checksum
// (doc/table_format.md). They are found by their checksums: a block ends where the checksum over all bytes since the last end is correct.
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
