using Rave.Client.Failover;

namespace Rave.Client.Lanes;

// The reads of one handle that follows: single keys and many, gathered into get-manys.
internal sealed class ReadLane : IDisposable
{
    // Two, so that the leader reads for the one while the callers of the other are told.
    private static readonly LaneLimits Limits = new(Requests: 2, RequestBytes: 1 << 20, RequestCount: 10_000, Reads: true);

    private readonly Lane _lane;

    internal ReadLane(FailoverStore store, RaveOptions options, Func<bool, RaveException> expired) =>
        _lane = new(Limits, options, request => SendAsync(store, request), expired);

    // Copies the operations, gets and hases, before it returns.
    internal T Submit<T>(T caller, ReadOnlySpan<byte> operations, string? snapshot, CancellationToken cancellationToken)
        where T : Pending
    {
        caller.CancelBy(cancellationToken);
        bool alone = operations.Length > LaneLimits.SharedBytes || caller.Count > Limits.RequestCount;
        _lane.Submit(caller, operations, alone, sync: false, snapshot);
        return caller;
    }

    public void Dispose() => _lane.Dispose();

    private static async Task SendAsync(FailoverStore store, LaneRequest request) => request.TakeAnswer(await store.RunAsync(
        own => Yielded.RunAsync(() => own.ReadManyAsync(request.Body.Written, request.Snapshot, request.Abort.Token)),
        remote => remote.ReadManyAsync(request.Body.Written, request.Snapshot, request.Attempts, request.Abort.Token),
        request.Abort.Token).ConfigureAwait(false));
}
