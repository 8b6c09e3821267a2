using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client.Lanes;

// The writes of one handle, in their order, at most one request in flight. Where this handle comes to lead, what was not sent yet goes
// into its own store, and later writes wait behind that.
internal sealed class WriteLane : IDisposable
{
    private const long RequestBytes = 4 << 20;

    private readonly LaneLimits _limits;
    private readonly Lane _lane;
    private readonly FailoverStore _store;
    private readonly RaveOptions _options;
    private readonly WriteSession? _session;

    internal WriteLane(FailoverStore store, RaveOptions options, Func<bool, RaveException> expired)
    {
        _store = store;
        _options = options;
        _session = options.ExactlyOnce ? new() : null;
        _limits = new(Requests: 1, RequestBytes, options.Limits.BatchOperations, Reads: false);
        _lane = new(_limits, options, SendAsync, expired);
    }

    internal bool IsIdle => _lane.IsIdle;

    // Once the lane is closed: the session to end, if nothing of it can be on its way.
    internal string? SessionToEnd => IsIdle && _session is { CanEnd: true } session ? session.Name : null;

    // Copies the operations before it returns. They are checked here, so that only writes that cannot fail alone share a request.
    internal ValueTask WriteAsync(ReadOnlySpan<byte> operations, bool sync, CancellationToken cancellationToken)
    {
        int count = OperationLimits.Check(operations, _options.Limits, out bool hasChecks);
        if (count == 0)
        {
            return default;
        }

        PendingWrite caller = new() { Count = count };
        caller.CancelBy(cancellationToken);
        bool alone = hasChecks || operations.Length > LaneLimits.SharedBytes || count > _limits.RequestCount;
        _lane.Submit(caller, operations, alone, sync);
        return caller.Done;
    }

    // What is a write and no list of operations: takes its turn, and is alone in it.
    internal ValueTask RunAsync(Func<Once?, ValueTask> write, CancellationToken cancellationToken)
    {
        PendingWrite caller = new() { Count = 1, HasDeadline = false };
        caller.CancelBy(cancellationToken);
        _lane.Submit(caller, default, alone: true, sync: false, other: _ => SendOnceAsync(write));
        return caller.Done;
    }

    public void Dispose() => _lane.Dispose();

    // The one place where the lane's writes leave: into this process's own store, or to whoever leads. One at a time, in their order.
    private async Task SendAsync(LaneRequest request)
    {
        if (request.Other is { } other)
        {
            // Goes its own way from here.
            request.Attempts.TryBeingSent();
            Tracing.GoOn(request.Callers[0].Span);
            await other(request.Abort.Token).ConfigureAwait(false);
            return;
        }

        // Numbered when it leaves: what never does needs no record, and the next one in its order comes after it. What is sent again keeps its number.
        Once? once = null;
        try
        {
            await _store.RunAsync(
                own => Yielded.RunAsync(() => FlushAsync(own, request, once)),
                remote => remote.WriteAsync(request.Body.Written, request.Sync, once ??= _session?.Next(), request.Attempts),
                request.Abort.Token).ConfigureAwait(false);
        }
        catch (Exception cause) when (once is not null && _session!.Notes(cause))
        {
            throw;
        }
    }

    private async Task SendOnceAsync(Func<Once?, ValueTask> write)
    {
        Once? once = _session?.Next();
        try
        {
            await write(once).ConfigureAwait(false);
        }
        catch (Exception cause) when (once is not null && _session!.Notes(cause))
        {
            throw;
        }
    }

    // Into this process's own store: under its number where another leader may have applied it.
    private static async ValueTask<bool> FlushAsync(IStore own, LaneRequest request, Once? once)
    {
        if (!request.Attempts.TryBeingSent())
        {
            throw new OperationCanceledException("Nobody waits for it any more.");
        }

        try
        {
            await own.WriteAsync(request.Body.Written, request.Sync, once, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // It has just stopped leading, and nothing was written.
            request.Attempts.WasNotExecuted();
            throw;
        }
        catch (RaveException failure)
        {
            throw RemoteStore.Refusal(failure, inDoubt: request.Attempts.Lost > 0, isOnce: once is not null);
        }
    }
}
