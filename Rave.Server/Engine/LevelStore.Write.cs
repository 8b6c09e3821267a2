using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // Copies what it is given before it returns.
    public ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken) =>
        once is null && !sync && TryWriteOne(operations.Span) ? default : WriteBatchAsync(operations, sync, once);

    // A put or del alone, at once and without allocating. False where that cannot be: not executed then, and to be written as a batch.
    private bool TryWriteOne(ReadOnlySpan<byte> operations)
    {
        OperationsBinaryReader only = new(operations);
        if (!only.Read() || !only.IsAtEnd || only.Type is not (OperationType.Put or OperationType.Delete))
        {
            return false;
        }

        OperationLimits.CheckKey(only.Key, Limits);
        OperationLimits.CheckValue(only.Value, Limits);
        bool written = only.Key.Length + only.Value.Length <= Limits.BodyBytes && _writes.TryWrite(only.Type, only.Key, only.Value);
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

    // Applies all operations or none; throws where a check fails. What was applied before in its session is not applied again. With sync, returns after fsync.
    // Cannot be cancelled: a write that has begun is decided.
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
        await HasAsync(default, snapshot: null, cancellationToken).ConfigureAwait(false);
        if (IsReadOnly)
        {
            // Refuses writes as it should.
            return;
        }

        // An empty batch goes all the way through the log and changes nothing.
        using StoreBatch nothing = new(Limits);
        await _writes.WriteAsync(nothing, sync: false).ConfigureAwait(false);
    }
}
