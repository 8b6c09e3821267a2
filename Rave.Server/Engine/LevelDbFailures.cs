using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Turns LevelDB's failures into ours. Used in exception filters, so that other exceptions pass unchanged.
internal static class LevelDbFailures
{
    internal static RaveException? From(Exception cause) => cause switch
    {
        LevelDbException failure =>
            new(Code(failure.Error), Message(failure), failure) { DiskFull = failure.Error == LevelDbError.DiskFull },
        ObjectDisposedException => StoreFailures.NotOpen(),
        _ => null,
    };

    // Allocates: not for reads and writes of one entry.
    internal static T Translate<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (From(e) is { } failure)
        {
            throw failure;
        }
    }

    private static string Code(LevelDbError error) => error switch
    {
        LevelDbError.Corruption => ErrorCodes.Corruption,
        LevelDbError.Locked => ErrorCodes.Locked,
        _ => ErrorCodes.IoError,
    };

    private static string Message(LevelDbException failure) => failure.Error switch
    {
        LevelDbError.Corruption =>
            $"Stored data is damaged: {failure.Message}. Restore a backup, or keep the readable entries with rave-server --repair.",
        LevelDbError.DiskFull => $"The disk is full; free some space: {failure.Message}",
        _ => failure.Message,
    };
}
