namespace Rave.Server.LevelDb;

// An error that LevelDB reported, with its kind.
internal sealed class LevelDbException(LevelDbError error, string message) : Exception(message)
{
    internal LevelDbError Error { get; } = error;
}

internal enum LevelDbError
{
    // Input or output failed, for example because of the disk, permissions or descriptors.
    Io,

    // The disk or the quota is full.
    DiskFull,

    // Stored bytes are damaged, or files are missing.
    Corruption,

    // Another program holds LevelDB's LOCK file.
    Locked,

    // libleveldb was not found.
    LibraryMissing,

    // Not damaged, but in a format that LevelDB cannot read.
    Foreign,

    // LevelDB cannot do this (invalid argument, not supported).
    Unsupported,
}
