using Grpc.Core;
using Rave.Etcd.Location;

namespace Rave.Etcd.Cluster;

// What etcd's failures mean. The status alone does not tell them apart (a full database and a request that is too large have the same),
// so the text is looked at, here and nowhere else.
internal static class EtcdFailures
{
    private static readonly (StatusCode Status, string Text, Func<RpcException, RaveException> Failure)[] Refusals =
    [
        (StatusCode.ResourceExhausted, "database space exceeded", Full),
        (StatusCode.ResourceExhausted, "too many requests", Overloaded),
        (StatusCode.ResourceExhausted, "message larger than max", TooManyBytes),
        (StatusCode.InvalidArgument, "request is too large", TooManyBytes),
        (StatusCode.InvalidArgument, "too many operations", TooManyOperations),
        (StatusCode.OutOfRange, "revision", Compacted),
        (StatusCode.PermissionDenied, "", Forbidden),
        (StatusCode.InvalidArgument, "authentication failed", Forbidden),
        (StatusCode.InvalidArgument, "user name is empty", Forbidden),
        (StatusCode.FailedPrecondition, "authentication is not enabled", Forbidden),
        (StatusCode.DataLoss, "corrupt", Corrupt),
        (StatusCode.NotFound, "", Unexpected),
        (StatusCode.InvalidArgument, "", Unexpected),
        (StatusCode.FailedPrecondition, "", Unexpected),
        (StatusCode.Unimplemented, "", Unexpected),
    ];

    internal static Fate FateOf(RpcException failure, bool wasSent) => failure.StatusCode switch
    {
        StatusCode.Unauthenticated => Fate.NotAdmitted,
        StatusCode.InvalidArgument when Says(failure, "revision of auth store is old") => Fate.NotAdmitted,
        _ when RefusalOf(failure) is not null => Fate.Refused,
        _ => wasSent ? Fate.InDoubt : Fate.NotSent,
    };

    // Of an attempt that was refused.
    internal static RaveException? RefusalOf(RpcException failure) =>
        Array.Find(Refusals, refusal => refusal.Status == failure.StatusCode && Says(failure, refusal.Text)).Failure?.Invoke(failure);

    internal static RaveException Closed() => new(ErrorCodes.DatabaseNotOpen, "The database was closed.");

    // The lease of a record is gone, and nothing was applied: a new one is needed.
    internal static bool IsLeaseGone(RaveException failure) => failure.InnerException is RpcException { StatusCode: StatusCode.NotFound };

    // Where no member could be reached in time, or none that would say what became of the operation.
    internal static RaveException Lost(EtcdLocation location, TimeSpan timeout, RpcException? last, bool mayHaveBeenApplied) => new(
        ErrorCodes.ConnectionLost,
        $"No member of {location} answered within {timeout.TotalSeconds:0.#} s{(last is null ? "" : $" ({ReasonOf(last)})")}."
        + (location.Tls ? " Members that require a client certificate do not say so: without one, they look as if they were dead." : "")
        + (mayHaveBeenApplied ? " The write may have been applied." : ""),
        last)
    { MayHaveBeenApplied = mayHaveBeenApplied };

    internal static RaveException TooManyBytes(int bytes, int limit) => new(
        ErrorCodes.TooLarge,
        $"The request has {bytes} bytes; the cluster takes {limit}. Write less, or start etcd with a higher --max-request-bytes.");

    internal static RaveException TooManyOperations(int operations, int limit) => new(
        ErrorCodes.TooLarge,
        $"The batch has {operations} operations; the cluster takes {limit}. Write several, or start etcd with a higher --max-txn-ops.");

    private static bool Says(RpcException failure, string text) => failure.Status.Detail.Contains(text, StringComparison.Ordinal);

    // gRPC names only the outermost cause; of a certificate that is refused, the one that helps lies deeper.
    internal static string ReasonOf(RpcException failure) =>
        failure.Status.DebugException?.GetBaseException().Message
        ?? (failure.Status.Detail.Length > 0 ? failure.Status.Detail : $"{failure.StatusCode}");

    private static RaveException Full(RpcException cause) => new(
        ErrorCodes.IoError,
        "The cluster's database is full, and it refuses writes. Delete entries, then compact, defragment and disarm the alarm, "
        + "or raise --quota-backend-bytes.",
        cause)
    { DiskFull = true };

    private static RaveException Overloaded(RpcException cause) =>
        new(ErrorCodes.Overloaded, "The cluster has too many requests to answer; try again later.", cause);

    private static RaveException TooManyBytes(RpcException cause) => new(
        ErrorCodes.TooLarge,
        $"The cluster refuses a request of this size ({cause.Status.Detail}). Write less, or start etcd with a higher --max-request-bytes.",
        cause);

    private static RaveException TooManyOperations(RpcException cause) => new(
        ErrorCodes.TooLarge,
        "The cluster refuses as many operations at once; write fewer, or start etcd with a higher --max-txn-ops.", cause);

    private static RaveException Compacted(RpcException cause) => new(
        ErrorCodes.SnapshotNotOpen,
        "The moment to read from is not known any more: the cluster has compacted its history. Take a new snapshot; "
        + "--auto-compaction-retention says how long history is kept.",
        cause);

    private static RaveException Forbidden(RpcException cause) =>
        new(ErrorCodes.Forbidden, $"The cluster refuses this user: {cause.Status.Detail}.", cause);

    private static RaveException Corrupt(RpcException cause) =>
        new(ErrorCodes.Corruption, $"The cluster reports damaged data: {cause.Status.Detail}.", cause);

    private static RaveException Unexpected(RpcException cause) =>
        new(ErrorCodes.IoError, $"The cluster refuses the request: {cause.Status.Detail}.", cause);
}
