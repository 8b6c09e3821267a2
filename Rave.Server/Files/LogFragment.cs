namespace Rave.Server.Files;

// A record of a log, or the part of a record that fits into a block. A damaged fragment has no data.
internal readonly record struct LogFragment(FragmentKind Kind, long Offset, int Length, ReadOnlyMemory<byte> Data)
{
    internal const int HeaderBytes = 7;
}

// The first four have the same numbers as in the file (db/log_format.h).
internal enum FragmentKind : byte
{
    Full = 1,
    First = 2,
    Middle = 3,
    Last = 4,

    // Zeros: the rest of the block is unused.
    Blank,

    // Its checksum is wrong. Its end is known, because an intact fragment follows.
    Damaged,

    // Its end is not known, so the rest of the block is lost.
    RestDamaged,

    // The file ends too early: its writer died, or the file was truncated.
    Truncated,
}
