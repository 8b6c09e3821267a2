namespace Rave.Server.Files;

// What a file of LevelDB's is for.
internal enum FileKind
{
    // Somebody else's: LevelDB neither reads nor deletes it.
    Foreign,

    // Names the MANIFEST.
    Current,

    // Says which tables make up the database.
    Manifest,

    // The last writes.
    Log,

    // Sorted entries.
    Table,

    // Half a CURRENT or MANIFEST.
    Temporary,

    // What LevelDB did, for people to read.
    Events,

    // Its lock: opening it and closing it again would drop the lock.
    Lock,
}
