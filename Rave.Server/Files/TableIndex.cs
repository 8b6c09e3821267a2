using System.Buffers.Binary;

namespace Rave.Server.Files;

// Where the blocks of a table are, and whether their keys go up byte by byte, as LevelDB has them where nobody gave it another order.
internal sealed record TableIndex(IReadOnlyList<BlockPlace> Blocks, bool IsInOrder)
{
    // Behind every key: its place in the order of all writes, and what was done.
    private const int SequenceBytes = 8;

    // Null where it is no index.
    internal static TableIndex? Parse(ReadOnlySpan<byte> block)
    {
        // At the end, where keys stand that share nothing with the one before: their places, and how many.
        if (block.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]) is var restarts && restarts > (uint)block.Length / sizeof(uint) - 1)
        {
            return null;
        }

        ByteCursor entries = new(block[..^(int)((restarts + 1) * sizeof(uint))]);
        List<BlockPlace> blocks = [];
        bool inOrder = true;
        byte[] last = [];
        while (!entries.Rest.IsEmpty)
        {
            if (!entries.TakeVarint(out ulong shared) || !entries.TakeVarint(out ulong own) || !entries.TakeVarint(out ulong valueLength)
                || shared > (ulong)last.Length || !entries.TakeBytes(own, out ReadOnlySpan<byte> rest) || !entries.TakeBytes(valueLength, out ReadOnlySpan<byte> value))
            {
                return null;
            }

            byte[] key = [.. last.AsSpan(0, (int)shared), .. rest];
            ByteCursor place = new(value);
            if (key.Length < SequenceBytes || !BlockPlace.TryTake(ref place, out BlockPlace at))
            {
                return null;
            }

            inOrder &= last.Length == 0 || last.AsSpan(0, last.Length - SequenceBytes).SequenceCompareTo(key.AsSpan(0, key.Length - SequenceBytes)) <= 0;
            blocks.Add(at);
            last = key;
        }

        return new(blocks, inOrder);
    }
}
