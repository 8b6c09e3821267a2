using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Rave.Server.Files;

// CRC-32C, in the masked form in which LevelDB stores it (util/crc32c.h).
internal struct Checksum()
{
    private const uint MaskDelta = 0xa282ead8;

    private uint _state = uint.MaxValue;

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            _state = BitOperations.Crc32C(_state, BitConverter.IsLittleEndian ? eight : BinaryPrimitives.ReverseEndianness(eight));
        }

        foreach (byte one in bytes[(bytes.Length / sizeof(ulong) * sizeof(ulong))..])
        {
            _state = BitOperations.Crc32C(_state, one);
        }
    }

    internal readonly uint Masked => BitOperations.RotateRight(~_state, 15) + MaskDelta;

    internal static bool Matches(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> stored)
    {
        Checksum checksum = new();
        checksum.Add(bytes);
        return checksum.Masked == BinaryPrimitives.ReadUInt32LittleEndian(stored);
    }
}
