using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client.Coalescing;

// The writes of one handle, in their order, at most one request in flight. Where this handle comes to lead, what was not sent yet goes
// into its own store, and later writes wait behind that.
internal sealed class WriteLane : IDisposable
{
    private const long RequestBytes = 4 << 20;

    private readonly LaneLimits _limits;
    private readonly Lane _lane;
    private readonly RaveOptions _options;
    private readonly WriteSession? _session;

    internal WriteLane(LaneApi api, RaveOptions options, Func<Store?> own, Func<bool, LevelException> expired)
    {
        _options = options;
        _session = options.ExactlyOnce ? new() : null;
        _limits = new(Requests: 1, RequestBytes, options.Limits.BatchOperations, Reads: false);
        _lane = new(_limits, options, request => SendAsync(api, own, request), expired);
    }

    internal bool IsIdle => _lane.IsIdle;

    // Once the lane is closed: the session to end, if nothing of it can be on its way.
    internal string? SessionToEnd => IsIdle && _session is { CanEnd: true } session ? session.Name : null;

    internal ValueTask WriteAsync(IReadOnlyList<Operation> operations, bool sync, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (operations.Count == 0)
        {
            return default;
        }

        long bytes = 0;
        long stored = 0;
        bool conditional = false;
        foreach (Operation operation in operations)
        {
            // Here, so that only writes that cannot fail alone share a request.
            Check(operation.Key, operation.Value);
            conditional |= operation.Type == OperationType.Check;
            bytes += Bytes(operation.Key.Length, operation.Value.Length);
            stored += operation.Key.Length + operation.Value.Length;
        }

        CheckSize(operations.Count, stored);
        Pending<bool> caller = new() { Count = operations.Count };
        caller.CancelBy(cancellationToken);
        bool alone = conditional || bytes > LaneLimits.SharedBytes || operations.Count > _limits.RequestCount;
        _lane.Submit(caller, bytes, alone, sync, operations, Encode);
        return caller.Done;
    }

    // One put or del, whose bytes are good for this call.
    internal ValueTask WriteAsync(OperationType type, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, bool sync, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Check(key.Span, value.Span);
        Pending<bool> caller = new() { Count = 1 };
        caller.CancelBy(cancellationToken);
        long bytes = Bytes(key.Length, value.Length);
        _lane.Submit(caller, bytes, alone: bytes > LaneLimits.SharedBytes, sync, (type, key, value), static (body, write) =>
        {
            if (write.type == OperationType.Put)
            {
                OperationsBinaryWriter.Put(body, write.key.Span, write.value.Span);
            }
            else
            {
                OperationsBinaryWriter.Del(body, write.key.Span);
            }
        });
        return caller.Done;
    }

    // What is a write and no list of operations: takes its turn, and is alone in it.
    internal ValueTask RunAsync(Func<IdempotencyKey?, Task> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Pending<bool> caller = new() { Count = 1, HasDeadline = false };
        caller.CancelBy(cancellationToken);
        _lane.Submit(caller, bytes: 0, alone: true, sync: false, 0, static (_, _) => { }, other: _ => SendOnceAsync(write));
        return caller.Done;
    }

    public void Dispose() => _lane.Dispose();

    // The one place where the lane's writes leave: into this process's own store, or to whoever leads. One at a time, in their order.
    private async Task SendAsync(LaneApi api, Func<Store?> own, LaneRequest request)
    {
        if (request.Other is { } other)
        {
            // Goes its own way from here.
            request.Attempts.TryBeingSent();
            Tracing.GoOn(request.Callers[0].Span);
            await other(request.Abort.Token).ConfigureAwait(false);
            return;
        }

        if (!await TryFlushAsync(own(), request, once: null).ConfigureAwait(false))
        {
            await SendOnceAsync(once => SendAsync(api, own, request, once)).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(LaneApi api, Func<Store?> own, LaneRequest request, IdempotencyKey? once)
    {
        while (!await api.TryWriteAsync(request, once).ConfigureAwait(false) && !await TryFlushAsync(own(), request, once).ConfigureAwait(false))
        {
            // This process led for a moment while the request was on its way.
        }
    }

    // Numbered when it leaves: what never does needs no record, and the next one in its order comes after it. What is sent again keeps its number.
    private Task SendOnceAsync(Func<IdempotencyKey?, Task> send) => _session is null ? send(null) : _session.SendAsync(send);

    // Into this process's own store: under its number where another leader may have applied it. False when this process does not lead, or has
    // just stopped leading: nothing was written.
    private static async ValueTask<bool> TryFlushAsync(Store? own, LaneRequest request, IdempotencyKey? once)
    {
        if (own is null)
        {
            return false;
        }

        // Elsewhere than on the caller or on the lane: both may have more to do.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!request.Attempts.TryBeingSent())
        {
            throw new OperationCanceledException("Nobody waits for it any more.");
        }

        try
        {
            using WriteBatch batch = new(own.Limits) { Session = once is null ? null : new(once) };
            batch.Add(request.Body.Written.Span);
            await own.WriteAsync(batch, request.Sync).ConfigureAwait(false);
            return true;
        }
        catch (LevelException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            request.Attempts.WasNotExecuted();
            return false;
        }
        catch (LevelException failure)
        {
            throw Remote.Refusal(failure, inDoubt: request.Attempts.Lost > 0, isOnce: once is not null);
        }
    }

    private static void Encode(PooledBuffer body, IReadOnlyList<Operation> operations)
    {
        for (int i = 0; i < operations.Count; i++)
        {
            operations[i].AddTo(body);
        }
    }

    private static long Bytes(int keyLength, int valueLength) => keyLength + valueLength + 1 + (2 * Varint.MaxBytes);

    private void Check(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        try
        {
            WriteBatch.CheckKey(key, _options.Limits);
            WriteBatch.CheckValue(value, _options.Limits);
        }
        catch (LevelException failure)
        {
            throw RaveException.From(failure);
        }
    }

    private void CheckSize(int operations, long bytes)
    {
        try
        {
            WriteBatch.CheckSize(operations, bytes, _options.Limits);
        }
        catch (LevelException failure)
        {
            throw RaveException.From(failure);
        }
    }
}
