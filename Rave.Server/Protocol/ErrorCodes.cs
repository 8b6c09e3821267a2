namespace Rave.Client;

/// <summary>The error codes: values of <see cref="RaveException.Code"/>, and of <c>code</c> in HTTP's problem details.</summary>
public static class ErrorCodes
{
    /// <summary>A parameter, header or body is invalid.</summary>
    public const string InvalidRequest = "LEVEL_INVALID_REQUEST";

    /// <summary>The key is in the range that is reserved for the service, or is not valid in its encoding.</summary>
    public const string InvalidKey = "LEVEL_INVALID_KEY";

    /// <summary>The value is not valid in its encoding.</summary>
    public const string InvalidValue = "LEVEL_INVALID_VALUE";

    /// <summary>A batch or a list of keys is malformed. Nothing was written.</summary>
    public const string InvalidBatch = "LEVEL_INVALID_BATCH";

    /// <summary>The continuation token is damaged, or was not made by this service.</summary>
    public const string InvalidContinuation = "LEVEL_INVALID_CONTINUATION";

    /// <summary>There is no encoding with this name.</summary>
    public const string EncodingNotFound = "LEVEL_ENCODING_NOT_FOUND";

    /// <summary>The user has no permission for this.</summary>
    public const string Forbidden = "LEVEL_FORBIDDEN";

    /// <summary>The leader serves the database read-only.</summary>
    public const string ReadOnly = "LEVEL_READONLY";

    /// <summary>There is no entry with this key, or no such route.</summary>
    public const string NotFound = "LEVEL_NOT_FOUND";

    /// <summary>A write was sent again after a later write of its session. Its outcome is not known any more.</summary>
    public const string StaleRetry = "LEVEL_STALE_RETRY";

    /// <summary>The snapshot has expired, was ended, or was lost with its leader.</summary>
    public const string SnapshotNotOpen = "LEVEL_SNAPSHOT_NOT_OPEN";

    /// <summary>A condition does not hold. Nothing was written.</summary>
    public const string PreconditionFailed = "LEVEL_PRECONDITION_FAILED";

    /// <summary>A key, value, batch, body or answer is larger than its limit.</summary>
    public const string TooLarge = "LEVEL_TOO_LARGE";

    /// <summary>The limit of snapshots, subscribers or sessions is reached.</summary>
    public const string TooMany = "LEVEL_TOO_MANY";

    /// <summary>Stored bytes are not valid in the requested encoding.</summary>
    public const string DecodeError = "LEVEL_DECODE_ERROR";

    /// <summary>Stored data is damaged.</summary>
    public const string Corruption = "LEVEL_CORRUPTION";

    /// <summary>A file could not be read or written.</summary>
    public const string IoError = "LEVEL_IO_ERROR";

    /// <summary>The handle is closed, there is no database, or its leader is stopping.</summary>
    public const string DatabaseNotOpen = "LEVEL_DATABASE_NOT_OPEN";

    /// <summary>Too many operations are waiting. Nothing was done. Try again later.</summary>
    public const string Overloaded = "LEVEL_OVERLOADED";

    /// <summary>The storage engine of this database does not offer that.</summary>
    public const string NotSupported = "LEVEL_NOT_SUPPORTED";

    /// <summary>A program that does not use RaveLevel has the database open.</summary>
    public const string Locked = "LEVEL_LOCKED";

    /// <summary>The iterator or its database was closed.</summary>
    public const string IteratorNotOpen = "LEVEL_ITERATOR_NOT_OPEN";

    /// <summary>Another call of the iterator is still running.</summary>
    public const string IteratorBusy = "LEVEL_ITERATOR_BUSY";

    /// <summary>A sublevel's name is empty or has characters that are not allowed.</summary>
    public const string InvalidPrefix = "LEVEL_INVALID_PREFIX";

    /// <summary>The batch was already written, or its database was closed.</summary>
    public const string BatchNotOpen = "LEVEL_BATCH_NOT_OPEN";

    /// <summary>A hook failed. Nothing was written.</summary>
    public const string HookError = "LEVEL_HOOK_ERROR";

    /// <summary>No leader could be reached in time, or the leader was lost during the operation.</summary>
    public const string ConnectionLost = "LEVEL_CONNECTION_LOST";
}
