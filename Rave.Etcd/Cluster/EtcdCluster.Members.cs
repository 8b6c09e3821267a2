using Grpc.Core;
using Rave.Etcd.Wire;

namespace Rave.Etcd.Cluster;

// Asks each member. All other calls go to one of them.
internal sealed partial class EtcdCluster
{
    // More than an attempt of an operation has: here, no other member can answer instead.
    private static readonly TimeSpan MemberTimeout = TimeSpan.FromSeconds(2);

    // All at the same time. If a member does not answer, its answer says why.
    internal async Task<MemberAnswer[]> AskEachAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closing);
        try
        {
            return await Task.WhenAll(_endpoints.Select(member => AskAsync(member, ending.Token))).ConfigureAwait(false);
        }
        catch (Exception e) when (
            ending.IsCancellationRequested && e is RpcException or OperationCanceledException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw EtcdFailures.Closed();
        }
    }

    private async Task<MemberAnswer> AskAsync(Endpoint member, CancellationToken cancellationToken)
    {
        Task<(StatusResponse? Response, string? Failure)> status = TryAskAsync(
            member, static (member, request, options) => member.Maintenance.StatusAsync(request, options), new StatusRequest(),
            cancellationToken);
        Task<(AlarmResponse? Response, string? Failure)> alarms = TryAskAsync(
            member, static (member, request, options) => member.Maintenance.AlarmAsync(request, options),
            new AlarmRequest { Action = AlarmAction.Get }, cancellationToken);
        await Task.WhenAll(status, alarms).ConfigureAwait(false);
        (StatusResponse? told, string? failure) = await status.ConfigureAwait(false);
        return new(member.Host, told, (await alarms.ConfigureAwait(false)).Response, failure);
    }

    private async Task<(TResponse? Response, string? Failure)> TryAskAsync<TRequest, TResponse>(
        Endpoint member, Func<Endpoint, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TRequest request,
        CancellationToken cancellationToken)
        where TResponse : class
    {
        DateTime deadline = _time.GetUtcNow().UtcDateTime + MemberTimeout;
        for (bool again = false; ; again = true)
        {
            try
            {
                return (await AttemptAsync(member, call, request, new(), deadline, cancellationToken).ConfigureAwait(false), null);
            }
            catch (RpcException failure) when (!again && EtcdFailures.FateOf(failure, wasSent: true) == Fate.NotAdmitted)
            {
                // The token has expired.
                _token.Drop();
            }
            catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
            {
                return (null, failure.StatusCode == StatusCode.DeadlineExceeded
                    ? $"no answer within {MemberTimeout.TotalSeconds:0} s"
                    : EtcdFailures.ReasonOf(failure));
            }
        }
    }
}
