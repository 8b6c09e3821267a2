namespace Rave.Client;

/// <summary>An operation on a database failed. Compare <see cref="Code"/>; never compare the message.</summary>
/// <param name="code">A stable code, <c>LEVEL_…</c>. The codes of the library are in <see cref="ErrorCodes"/>.</param>
/// <param name="message">What happened and what to do next.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class RaveException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The error code, one of <see cref="ErrorCodes"/>.</summary>
    public string Code => code;

    /// <summary>
    /// Whether the failed write may have been applied: its leader was lost, or did not answer, after the write was sent.
    /// </summary>
    public bool MayHaveBeenApplied { get; init; }

    // The disk is full. The code is that of other I/O errors, but the HTTP status is 507.
    internal bool DiskFull { get; init; }

    // How many entries a clear had deleted before it failed. Null if it deleted none, and if it continues when it is sent again.
    internal long? Deleted { get; init; }

    // The leader refused the request itself. Nothing was done, and sending it again cannot help.
    internal bool IsRefusal { get; init; }

    // Whether waiting can help: the lock may be released, the leader may answer, or the disk may get free space.
    internal bool MayPass => Code is ErrorCodes.Locked or ErrorCodes.ConnectionLost || DiskFull;

    // A copy for another caller: throwing one exception twice mixes up its stack traces.
    internal RaveException Copy() => new(Code, Message, InnerException)
    {
        DiskFull = DiskFull,
        Deleted = Deleted,
        MayHaveBeenApplied = MayHaveBeenApplied,
        IsRefusal = IsRefusal,
    };
}
