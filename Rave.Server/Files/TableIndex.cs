using System.Buffers.Binary;

namespace Rave.Server.Files;

// The places of a table's blocks, and whether their keys are in LevelDB's default order.
internal sealed record TableIndex(IReadOnlyList<BlockPlace> Blocks, bool IsInOrder)
{
    // A key ends with the sequence number and the type of its write.
    private const int SequenceBytes = 8;

    // Null if the block is not an index.
    internal static TableIndex? Parse(ReadOnlySpan<byte> block)
    {
        if (block.Length < sizeof(uint))
        {
            return null;
        }

        // The block ends with the places of its restart points, and their number.
        uint restarts = BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]);
        if (restarts > (uint)block.Length / sizeof(uint) - 1)
        {
            return null;
        }

        ByteCursor entries = new(block[..^(int)((restarts + 1) * sizeof(uint))]);
        List<BlockPlace> blocks = [];
        bool inOrder = true;
        byte[] last = [];
        while (!entries.Rest.IsEmpty)
        {
            if (!entries.TakeVarint(out ulong shared)
                || !entries.TakeVarint(out ulong own)
                || !entries.TakeVarint(out ulong valueLength)
                || shared > (ulong)last.Length
                || !entries.TakeBytes(own, out ReadOnlySpan<byte> rest)
                || !entries.TakeBytes(valueLength, out ReadOnlySpan<byte> value))
            {
                return null;
            }

            byte[] key = [.. last.AsSpan(0, (int)shared), .. rest];
            ByteCursor place = new(value);
            if (key.Length < SequenceBytes || !BlockPlace.TryTake(ref place, out BlockPlace at))
            {
                return null;
            }

            inOrder &= last.Length == 0 || last.AsSpan(..^SequenceBytes).SequenceCompareTo(key.AsSpan(..^SequenceBytes)) <= 0;
            blocks.Add(at);
            last = key;
        }

        return new(blocks, inOrder);
    }
}
