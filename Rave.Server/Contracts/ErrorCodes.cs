namespace Rave.Server.Contracts;

// The stable names of what can go wrong. A client branches on these, never on text.
internal static class ErrorCodes
{
    internal const string InvalidRequest = "LEVEL_INVALID_REQUEST";
    internal const string InvalidKey = "LEVEL_INVALID_KEY";
    internal const string InvalidValue = "LEVEL_INVALID_VALUE";
    internal const string InvalidBatch = "LEVEL_INVALID_BATCH";
    internal const string InvalidContinuation = "LEVEL_INVALID_CONTINUATION";
    internal const string EncodingNotFound = "LEVEL_ENCODING_NOT_FOUND";
    internal const string Forbidden = "LEVEL_FORBIDDEN";
    internal const string ReadOnly = "LEVEL_READONLY";
    internal const string NotFound = "LEVEL_NOT_FOUND";
    internal const string StaleRetry = "LEVEL_STALE_RETRY";
    internal const string SnapshotNotOpen = "LEVEL_SNAPSHOT_NOT_OPEN";
    internal const string PreconditionFailed = "LEVEL_PRECONDITION_FAILED";
    internal const string TooLarge = "LEVEL_TOO_LARGE";
    internal const string TooMany = "LEVEL_TOO_MANY";
    internal const string DecodeError = "LEVEL_DECODE_ERROR";
    internal const string Corruption = "LEVEL_CORRUPTION";
    internal const string IoError = "LEVEL_IO_ERROR";
    internal const string DatabaseNotOpen = "LEVEL_DATABASE_NOT_OPEN";
    internal const string Overloaded = "LEVEL_OVERLOADED";

    // Of the client alone.
    internal const string Locked = "LEVEL_LOCKED";
    internal const string IteratorNotOpen = "LEVEL_ITERATOR_NOT_OPEN";
    internal const string IteratorBusy = "LEVEL_ITERATOR_BUSY";
    internal const string InvalidPrefix = "LEVEL_INVALID_PREFIX";
    internal const string BatchNotOpen = "LEVEL_BATCH_NOT_OPEN";
    internal const string HookError = "LEVEL_HOOK_ERROR";
    internal const string ConnectionLost = "LEVEL_CONNECTION_LOST";
}
