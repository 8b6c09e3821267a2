namespace Rave.Server.Storage;

// The failures that every store may have.
internal static class StoreFailures
{
    internal static RaveException NotOpen() =>
        new(ErrorCodes.DatabaseNotOpen, "The database is not open: the process that serves it starts or stops. Try again.");

    // A clear without an idempotency key, after its first chunks: sent again, it would count its limit from the start.
    internal static RaveException ClearStopped(RaveException failure, long deleted) =>
        new(failure.Code, $"{failure.Message} {deleted} entries were deleted before the failure.", failure)
        {
            Deleted = deleted,
            DiskFull = failure.DiskFull,
            MayHaveBeenApplied = true,
        };
}
