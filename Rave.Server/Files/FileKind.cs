namespace Rave.Server.Files;

internal enum FileKind
{
    // Not a file of LevelDB, which neither reads nor deletes it.
    Foreign,

    // The name of the current MANIFEST.
    Current,

    // The list of the database's tables.
    Manifest,

    // The last writes.
    Log,

    // Sorted entries.
    Table,

    // An unfinished CURRENT or MANIFEST.
    Temporary,

    // LevelDB's own log messages.
    Events,

    // Never open this file: closing it again would release the lock.
    Lock,
}
