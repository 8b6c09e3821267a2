namespace Rave.Cli.Copy;

// What a copy may do to entries that the target has already.
internal enum CopyMode
{
    // The target must be empty.
    IntoEmpty,

    // They must be in the source, with the same values. Only the missing ones are written.
    Resume,

    // Other values are replaced, and entries that are not in the source are deleted.
    Overwrite,
}
