namespace Rave.Server;

// Everything that the server logs. Ids from 1000; the client's from 2000.
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

    [LoggerMessage(1004, LogLevel.Warning, "Cannot lead {Location} at present", EventName = "CannotLead")]
    internal static partial void CannotLead(ILogger logger, Exception cause, string location);

    [LoggerMessage(1005, LogLevel.Warning, "The socket of {Location} was deleted or replaced; published it again", EventName = "SocketRepublished")]
    internal static partial void SocketRepublished(ILogger logger, string location);

    [LoggerMessage(1006, LogLevel.Error, "The socket of {Location} cannot be published again; stepping down", EventName = "SocketLost")]
    internal static partial void SocketLost(ILogger logger, Exception cause, string location);

    [LoggerMessage(1007, LogLevel.Error, "{Method} {Path} failed", EventName = "RequestFailed")]
    internal static partial void RequestFailed(ILogger logger, Exception cause, string method, string path);
}
