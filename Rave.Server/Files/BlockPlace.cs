namespace Rave.Server.Files;

// The place of a block in a table, without the block's trailer.
internal readonly record struct BlockPlace(long Offset, long Size)
{
    internal static bool TryTake(ref ByteCursor cursor, out BlockPlace place)
    {
        place = default;
        if (!cursor.TakeVarint(out ulong offset) || !cursor.TakeVarint(out ulong size) || offset > long.MaxValue || size > long.MaxValue)
        {
            return false;
        }

        place = new((long)offset, (long)size);
        return true;
    }
}
