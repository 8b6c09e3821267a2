using Rave.Server.Contracts;

namespace Rave.Client;

/// <summary>An operation on a database failed. <see cref="Code"/> says how; branch on that, never on the message.</summary>
public sealed class RaveException : Exception
{
    /// <summary>Makes an exception with a code of its own.</summary>
    /// <param name="code">A stable name, <c>LEVEL_…</c>.</param>
    /// <param name="message">What happened and what to do next.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public RaveException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>The stable name of what went wrong, such as <c>LEVEL_DATABASE_NOT_OPEN</c>, <c>LEVEL_CONNECTION_LOST</c> or <c>LEVEL_LOCKED</c>; each member says which it may throw.</summary>
    public string Code { get; }

    /// <summary>
    /// Whether a write that failed may have taken effect all the same: its leader was lost, or did not answer, after the write was sent.
    /// </summary>
    public bool MayHaveBeenApplied { get; init; }

    // The leader refused the request for what it is: nothing was done, and nothing would be if it were sent again.
    internal bool IsRefusal { get; init; }

    // The same failure for another caller.
    internal RaveException Again() => new(Code, Message, InnerException) { MayHaveBeenApplied = MayHaveBeenApplied };

    internal static RaveException From(LevelException failure, bool isRefusal = false) =>
        new(failure.Code, failure.Message, failure) { MayHaveBeenApplied = failure.MayHaveBeenApplied, IsRefusal = isRefusal };
}
