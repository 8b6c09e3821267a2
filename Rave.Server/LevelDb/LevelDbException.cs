namespace Rave.Server.LevelDb;

// What LevelDB reported, sorted into what can be done about it.
internal sealed class LevelDbException(LevelDbError error, string message) : Exception(message)
{
    internal LevelDbError Error { get; } = error;
}

internal enum LevelDbError
{
    // Input or output failed: a disk, permissions, descriptors.
    Io,

    // No space, or no quota: goes away when somebody frees some.
    DiskFull,

    // Stored bytes are not what LevelDB wrote, or files are gone.
    Corruption,

    // Another program holds LevelDB's own LOCK file.
    Locked,

    // libleveldb itself was not found.
    LibraryMissing,

    // Stored by another program in a way that LevelDB does not read, and not damaged.
    Foreign,

    // LevelDB does not know how (invalid argument, not supported).
    Unsupported,
}
