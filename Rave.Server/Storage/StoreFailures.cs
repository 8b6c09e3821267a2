namespace Rave.Server.Storage;

// The failures that every store may have.
internal static class StoreFailures
{
    internal static RaveException NotOpen() =>
        new(ErrorCodes.DatabaseNotOpen, "The database is not open: the process that serves it starts or stops. Try again.");
}
