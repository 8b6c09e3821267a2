using Grpc.Core;
using Rave.Client;
using Rave.Etcd.Cluster;

namespace Rave.Tests.Etcd;

// The meaning of etcd's failures, also of those that a healthy member does not send. Statuses and texts are those of etcd 3.4.
public sealed class FailureTests
{
    [Theory]
    [InlineData(StatusCode.ResourceExhausted, "etcdserver: mvcc: database space exceeded", ErrorCodes.IoError)]
    [InlineData(StatusCode.ResourceExhausted, "etcdserver: too many requests", ErrorCodes.Overloaded)]
    [InlineData(StatusCode.ResourceExhausted, "grpc: received message larger than max (4194382 vs. 2097152)", ErrorCodes.TooLarge)]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: request is too large", ErrorCodes.TooLarge)]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: too many operations in txn request", ErrorCodes.TooLarge)]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: duplicate key given in txn request", ErrorCodes.IoError)]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: authentication failed, invalid user ID or password", ErrorCodes.Forbidden)]
    [InlineData(StatusCode.PermissionDenied, "etcdserver: permission denied", ErrorCodes.Forbidden)]
    [InlineData(StatusCode.OutOfRange, "etcdserver: mvcc: required revision has been compacted", ErrorCodes.SnapshotNotOpen)]
    [InlineData(StatusCode.OutOfRange, "etcdserver: mvcc: required revision is a future revision", ErrorCodes.SnapshotNotOpen)]
    [InlineData(StatusCode.DataLoss, "etcdserver: corrupt cluster", ErrorCodes.Corruption)]
    [InlineData(StatusCode.NotFound, "etcdserver: requested lease not found", ErrorCodes.IoError)]
    public void A_refusal_has_its_code_and_nothing_was_applied(StatusCode status, string text, string code)
    {
        RpcException failure = new(new(status, text));
        EtcdFailures.FateOf(failure, wasSent: true).ShouldBe(Fate.Refused);
        EtcdFailures.RefusalOf(failure)!.Code.ShouldBe(code);
        EtcdFailures.IsLeaseGone(EtcdFailures.RefusalOf(failure)!).ShouldBe(text.Contains("lease", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, "etcdserver: request timed out")]
    [InlineData(StatusCode.Unavailable, "etcdserver: request timed out, possibly due to previous leader failure")]
    [InlineData(StatusCode.Unavailable, "etcdserver: leader changed")]
    [InlineData(StatusCode.Unavailable, "etcdserver: no leader")]
    [InlineData(StatusCode.Unavailable, "etcdserver: server stopped")]
    [InlineData(StatusCode.Unknown, "context deadline exceeded")]
    [InlineData(StatusCode.DeadlineExceeded, "")]
    [InlineData(StatusCode.Internal, "HTTP/2 server didn't respond to a ping")]
    [InlineData(StatusCode.Cancelled, "")]
    public void Failures_after_a_message_was_sent_have_an_unknown_outcome(StatusCode status, string text) =>
        EtcdFailures.FateOf(new(new(status, text)), wasSent: true).ShouldBe(Fate.InDoubt);

    [Theory]
    [InlineData(StatusCode.Unavailable, "Error connecting to subchannel.")]
    [InlineData(StatusCode.DeadlineExceeded, "")]
    public void A_message_that_was_not_sent_was_not_applied(StatusCode status, string text) =>
        EtcdFailures.FateOf(new(new(status, text)), wasSent: false).ShouldBe(Fate.NotSent);

    [Theory]
    [InlineData(StatusCode.Unauthenticated, "etcdserver: invalid auth token")]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: revision of auth store is old")]
    public void An_expired_token_is_replaced(StatusCode status, string text) =>
        EtcdFailures.FateOf(new(new(status, text)), wasSent: true).ShouldBe(Fate.NotAdmitted);
}
