namespace Rave.Server;

// All log messages of the server. Their ids start at 1000, those of the client at 2000.
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Leading {Location} as process {Pid}, epoch {Epoch}", EventName = "Leading")]
    internal static partial void Leading(ILogger logger, string location, int pid, long epoch);

    [LoggerMessage(1001, LogLevel.Information, "Following process {Pid} at {Location}, epoch {Epoch}", EventName = "Following")]
    internal static partial void Following(ILogger logger, string location, int pid, long epoch);

    [LoggerMessage(1002, LogLevel.Information, "Lost the leader of {Location}, process {Pid}", EventName = "LeaderLost")]
    internal static partial void LeaderLost(ILogger logger, string location, int pid);

    [LoggerMessage(1003, LogLevel.Information, "Stopped leading {Location}", EventName = "StoppedLeading")]
    internal static partial void StoppedLeading(ILogger logger, string location);

    [LoggerMessage(1004, LogLevel.Warning, "Cannot lead {Location} now", EventName = "CannotLead")]
    internal static partial void CannotLead(ILogger logger, Exception cause, string location);

    [LoggerMessage(
        1005, LogLevel.Warning, "The socket of {Location} was deleted or replaced; published it again", EventName = "SocketRepublished")]
    internal static partial void SocketRepublished(ILogger logger, string location);

    [LoggerMessage(1006, LogLevel.Error, "The lock or the socket of {Location} is lost; stepping down", EventName = "GuardFailed")]
    internal static partial void GuardFailed(ILogger logger, Exception cause, string location);

    [LoggerMessage(1007, LogLevel.Error, "{Method} {Path} failed", EventName = "RequestFailed")]
    internal static partial void RequestFailed(ILogger logger, Exception cause, string method, string path);

    [LoggerMessage(
        1008,
        LogLevel.Warning,
        "{Location} is open to other users (mode {Mode}): they can read the database",
        EventName = "OpenToOthers")]
    internal static partial void OpenToOthers(ILogger logger, string location, string mode);

    [LoggerMessage(1009, LogLevel.Warning, "User {User} connected to {Location} and was rejected", EventName = "UserRejected")]
    internal static partial void UserRejected(ILogger logger, string location, uint user);

    [LoggerMessage(1010, LogLevel.Error, "The leader of {Location} did not stop cleanly", EventName = "StopFailed")]
    internal static partial void StopFailed(ILogger logger, Exception cause, string location);

    [LoggerMessage(1011, LogLevel.Error, "A listener to the elections of {Location} failed", EventName = "ListenerFailed")]
    internal static partial void ListenerFailed(ILogger logger, Exception cause, string location);

    [LoggerMessage(1012, LogLevel.Warning, "{Location} is writable again; handing over to reopen it", EventName = "Reopening")]
    internal static partial void Reopening(ILogger logger, string location);

    [LoggerMessage(
        1013,
        LogLevel.Warning,
        "Several leaders of {Location} in a row crashed right after they took over; leading in {Seconds} s",
        EventName = "PausedAfterCrashes")]
    internal static partial void PausedAfterCrashes(ILogger logger, string location, double seconds);

    [LoggerMessage(
        1014,
        LogLevel.Information,
        "{Path}: a client did not read its answer for {Seconds} s; its connection was closed",
        EventName = "SlowReaderAborted")]
    internal static partial void SlowReaderAborted(ILogger logger, string path, double seconds);
}
