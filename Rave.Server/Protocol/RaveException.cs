namespace Rave.Client;

/// <summary>An operation on a database failed. <see cref="Code"/> says how; branch on that, never on the message.</summary>
/// <param name="code">A stable name, <c>LEVEL_…</c>; those of the library are in <see cref="ErrorCodes"/>.</param>
/// <param name="message">What happened and what to do next.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class RaveException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The stable name of what went wrong, one of <see cref="ErrorCodes"/>; each member says which it may throw.</summary>
    public string Code => code;

    /// <summary>
    /// Whether a write that failed may have taken effect all the same: its leader was lost, or did not answer, after the write was sent.
    /// </summary>
    public bool MayHaveBeenApplied { get; init; }

    // The disk is full: the same code as other I/O errors, another status (507).
    internal bool DiskFull { get; init; }

    // The leader refused the request for what it is: nothing was done, and nothing would be if it were sent again.
    internal bool IsRefusal { get; init; }

    // Whether waiting can help: somebody may let go of the lock, answer after all, or free space on the disk.
    internal bool MayPass => Code is ErrorCodes.Locked or ErrorCodes.ConnectionLost || DiskFull;

    // The same failure for another caller: an exception that is thrown twice mixes up its stack traces.
    internal RaveException Again() => new(Code, Message, InnerException) { DiskFull = DiskFull, MayHaveBeenApplied = MayHaveBeenApplied, IsRefusal = IsRefusal };
}
