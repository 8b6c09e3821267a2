using Microsoft.Extensions.Logging;

namespace Rave.Client;

// Everything that the client logs. Ids from 2000; the server's from 1000.
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Error, "A subscriber to a database's events failed", EventName = "SubscriberFailed")]
    internal static partial void SubscriberFailed(ILogger logger, Exception cause);

    [LoggerMessage(2002, LogLevel.Warning, "Expired entries of the cache could not be deleted; they are tried again", EventName = "SweepFailed")]
    internal static partial void SweepFailed(ILogger logger, Exception cause);
}
