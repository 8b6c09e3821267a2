namespace Rave.Server.Files;

// A piece of a log: a record, or the part of one that fits a block. What it was of is lost where it is damaged.
internal readonly record struct LogFragment(FragmentKind Kind, long Offset, int Length, ReadOnlyMemory<byte> Data)
{
    internal const int HeaderBytes = 7;
}

// The first four have the numbers that stand in the file (db/log_format.h).
internal enum FragmentKind : byte
{
    Full = 1,
    First = 2,
    Middle = 3,
    Last = 4,

    // Zeros: nothing was written to the rest of the block, or all that was has been given up.
    Blank,

    // Its checksum is not right; where it ends is known, because what follows is sound.
    Damaged,

    // So much of the block can not be read that nothing more of it is.
    RestDamaged,

    // The file ends before it does: its writer died, or somebody cut it.
    Cut,
}
