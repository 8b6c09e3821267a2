using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Turns what LevelDB reports into our codes. Used as an exception filter, so that anything else passes untouched.
internal static class Failures
{
    internal static RaveException? From(Exception cause) => cause switch
    {
        LevelDbException failure => new(Code(failure.Error), Sentence(failure), failure) { DiskFull = failure.Error == LevelDbError.DiskFull },
        ObjectDisposedException => StoreFailures.NotOpen(),
        _ => null,
    };

    private static string Code(LevelDbError error) => error switch
    {
        LevelDbError.Corruption => ErrorCodes.Corruption,
        LevelDbError.Locked => ErrorCodes.Locked,
        _ => ErrorCodes.IoError,
    };

    private static string Sentence(LevelDbException failure) => failure.Error switch
    {
        LevelDbError.Corruption => $"Stored data is damaged: {failure.Message}. Restore a backup, or rescue what can be read with rave-server --repair.",
        LevelDbError.DiskFull => $"The disk is full: {failure.Message}",
        _ => failure.Message,
    };
}
