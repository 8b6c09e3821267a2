using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client.Lanes;

// The writes of one handle, in order, with at most one request in flight. When this process becomes the leader, waiting writes go to its
// own store, and later writes wait behind them.
internal sealed class WriteLane : IDisposable
{
    private const long RequestBytes = 4 << 20;

    private readonly LaneLimits _ofWrites;
    private readonly Limits _limits;
    private readonly Func<LaneRequest, Task> _send;
    private readonly Lane _lane;
    private readonly WriteSession? _session;

    internal WriteLane(Limits limits, RaveOptions options, Func<LaneRequest, Task> send, Func<bool, RaveException> timedOut)
    {
        _limits = limits;
        _send = send;
        _session = options.ExactlyOnce ? new() : null;
        // Half of a body: an engine may need more bytes for an operation than we do.
        _ofWrites = new(Requests: 1, Math.Min(RequestBytes, OperationLimits.BatchBytes(limits) / 2), limits.BatchOperations, Reads: false);
        _lane = new(_ofWrites, options, SendAsync, timedOut);
    }

    internal bool IsIdle => _lane.IsIdle;

    // The session to end after the lane is closed. Null if a write of it may still be in flight.
    internal string? SessionToEnd => IsIdle && _session is { CanEnd: true } session ? session.Name : null;

    // Copies the operations before it returns. They are checked first, so that an invalid one does not fail others in its request.
    internal ValueTask WriteAsync(ReadOnlySpan<byte> operations, bool sync, CancellationToken cancellationToken)
    {
        int count = OperationLimits.Check(operations, _limits, out bool hasChecks);
        if (count == 0)
        {
            return default;
        }

        PendingWrite caller = new() { Count = count };
        caller.CancelWith(cancellationToken);
        bool alone = hasChecks || operations.Length > LaneLimits.SharedBytes || count > _ofWrites.RequestCount;
        _lane.Submit(caller, operations, alone, sync);
        return caller.Done;
    }

    // A write that is no list of operations. It takes its turn, alone.
    internal ValueTask RunAsync(Func<Once?, ValueTask> write, CancellationToken cancellationToken)
    {
        PendingWrite caller = new() { Count = 1, HasDeadline = false };
        caller.CancelWith(cancellationToken);
        _lane.Submit(caller, default, alone: true, sync: false, work: write);
        return caller.Done;
    }

    public void Dispose() => _lane.Dispose();

    // The one place where the lane's writes leave, one request at a time and in their order.
    private async Task SendAsync(LaneRequest request)
    {
        request.Session = _session;
        try
        {
            if (request.Work is { } work)
            {
                request.Attempts.TryBeginSend();
                Tracing.Continue(request.Callers[0].Span);
                await work(request.Number()).ConfigureAwait(false);
                return;
            }

            await _send(request).ConfigureAwait(false);
        }
        catch (Exception cause) when (request.Once is not null && _session!.Notes(cause))
        {
            throw;
        }
    }
}
