using Microsoft.Extensions.Logging;

namespace Rave.Client;

// All log messages of the client. Their ids begin at 2000, those of the server at 1000.
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Error, "A subscriber of an event failed", EventName = "SubscriberFailed")]
    internal static partial void SubscriberFailed(ILogger logger, Exception cause);

    [LoggerMessage(
        2002, LogLevel.Warning, "Expired entries of the cache could not be deleted. The next sweep tries again", EventName = "SweepFailed")]
    internal static partial void SweepFailed(ILogger logger, Exception cause);
}
