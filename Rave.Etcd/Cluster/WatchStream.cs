using Grpc.Core;
using Rave.Etcd.Wire;

namespace Rave.Etcd.Cluster;

// A watch on one member.
internal sealed class WatchStream(Endpoint member, AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call) : IDisposable
{
    internal Endpoint Member => member;

    internal Task SendAsync(WatchRequest request, CancellationToken cancellationToken) =>
        call.RequestStream.WriteAsync(request, cancellationToken);

    // Its end is a failure, and so is that it was refused.
    internal async Task<WatchResponse> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            throw new RpcException(new(StatusCode.Unavailable, "the watch has ended"));
        }

        WatchResponse response = call.ResponseStream.Current;
        return response is { Canceled: true, CompactRevision: 0 }
            ? throw new RpcException(new(StatusOf(response.CancelReason), response.CancelReason))
            : response;
    }

    public void Dispose() => call.Dispose();

    // A watch tells the reason as a text alone.
    private static StatusCode StatusOf(string reason) =>
        reason.Contains("permission denied", StringComparison.Ordinal) ? StatusCode.PermissionDenied
        : reason.Contains("auth token", StringComparison.Ordinal) ? StatusCode.Unauthenticated
        : StatusCode.Unavailable;
}
