using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // The operations are copied before it returns.
    public ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken) =>
        once is null && !sync && TryWriteOne(operations.Span) ? default : WriteBatchAsync(operations, sync, once);

    // Writes a single put or delete at once, without allocating. False if it was not executed: write it as a batch then.
    private bool TryWriteOne(ReadOnlySpan<byte> operations)
    {
        OperationsBinaryReader only = new(operations);
        if (!only.Read() || !only.IsAtEnd || only.Type is not (OperationType.Put or OperationType.Delete))
        {
            return false;
        }

        OperationLimits.CheckKey(only.Key, Limits);
        OperationLimits.CheckValue(only.Value, Limits);
        bool written = only.Key.Length + only.Value.Length <= OperationLimits.BatchBytes(Limits)
            && _writes.TryWrite(only.Type, only.Key, only.Value);
        if (written)
        {
            _counts.CountWrites(1);
        }

        return written;
    }

    private async ValueTask WriteBatchAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once)
    {
        SessionWrite? session = once is null ? null : new(once.Key) { ETag = once.ETag };
        using StoreBatch batch = new(Limits) { Session = session };
        batch.Add(operations.Span);
        await WriteAsync(batch, sync).ConfigureAwait(false);
        once?.ETag = session!.ETag;
    }

    // Applies all operations or none. Throws if a check fails. A write that its session has applied before is not applied again.
    // With sync, it returns after fsync. It cannot be cancelled.
    internal ValueTask WriteAsync(StoreBatch batch, bool sync)
    {
        if (batch.Count == 0 && batch.Session is null)
        {
            return default;
        }

        _counts.CountWrites(batch.Count);
        return _writes.WriteAsync(batch, sync);
    }

    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        FindOne(default, snapshot: null).Free();
        if (!IsReadOnly)
        {
            // An empty batch is written to the log and changes nothing.
            using StoreBatch nothing = new(Limits);
            await _writes.WriteAsync(nothing, sync: false).ConfigureAwait(false);
        }
    }
}
