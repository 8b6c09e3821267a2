namespace Rave.Server.Storage;

// What every store may say.
internal static class StoreFailures
{
    internal static RaveException NotOpen() => new(ErrorCodes.DatabaseNotOpen, "The database is not open: its leader is stopping.");
}
