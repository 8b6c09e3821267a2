namespace Rave.Server.Storage;

internal enum ChangeType : byte
{
    Put,
    Delete,
    // All keys of a range were deleted.
    Clear,
    // Earlier changes were missed: read the database again.
    Gap,
}
