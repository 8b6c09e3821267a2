namespace Rave.Server.Storage;

internal enum ChangeType : byte
{
    Put,
    Delete,
    // A range was emptied at once.
    Clear,
    // What came before is not known any more: read again.
    Gap,
}
