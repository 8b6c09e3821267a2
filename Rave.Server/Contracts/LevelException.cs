namespace Rave.Server.Contracts;

// A failure with its stable code, as it leaves storage and leadership. HTTP turns it into a problem, the client into its own exception.
internal sealed class LevelException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    internal string Code { get; } = code;

    // The disk is full: the same code as other I/O errors, another status (507).
    internal bool DiskFull { get; init; }

    // Whether waiting can help: somebody may let go of the lock, answer after all, or free space on the disk.
    internal bool MayPass => Code is ErrorCodes.Locked or ErrorCodes.ConnectionLost || DiskFull;

    // The operation may have taken effect although it failed.
    internal bool MayHaveBeenApplied { get; init; }

    // The same failure for another caller: an exception that is thrown twice mixes up its stack traces.
    internal LevelException Again() => new(Code, Message, InnerException) { DiskFull = DiskFull, MayHaveBeenApplied = MayHaveBeenApplied };
}
