using Rave.Client.Batches;
using Rave.Client.Telemetry;
using Rave.Server.Protocol;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Stores a value. It replaces the current value of the key, if any.</summary>
    /// <param name="key">The key. By default, at most 64 KiB.</param>
    /// <param name="value">The value. By default, at most 64 MiB.</param>
    /// <param name="options">Whether to wait until the write is on the disk.</param>
    /// <param name="cancellationToken">Cancels waiting. The write may be applied nevertheless.</param>
    /// <returns>A task that completes when the leader has applied the write.</returns>
    /// <exception cref="RaveException">
    /// <c>LEVEL_DATABASE_NOT_OPEN</c>: the handle is closed. <c>LEVEL_CONNECTION_LOST</c>: no leader answered within
    /// <see cref="RaveOptions.OperationTimeout"/>; <see cref="RaveException.MayHaveBeenApplied"/> says whether the write may have been
    /// applied. <c>LEVEL_TOO_LARGE</c>: a key, a value or the write exceeds a limit. <c>LEVEL_INVALID_KEY</c>: the key is in the reserved
    /// range. <c>LEVEL_OVERLOADED</c>: too many writes wait already, and nothing was written. <c>LEVEL_READONLY</c>: the leader is a server
    /// with <c>--read-only</c>. <c>LEVEL_HOOK_ERROR</c>: a <see cref="PreWrite"/> hook failed, and nothing was written.
    /// <c>LEVEL_IO_ERROR</c>: a file cannot be written.
    /// </exception>
    public ValueTask PutAsync(TKey key, TValue value, WriteOptions options = default, CancellationToken cancellationToken = default)
    {
        PooledBuffer bytes = Scratch.Take();
        try
        {
            EncodeKey(key, bytes);
            int keyLength = bytes.Length;
            EncodeValue(value, bytes);
            return WriteAsync(OperationType.Put, bytes, keyLength, options, cancellationToken);
        }
        finally
        {
            Scratch.Return(bytes);
        }
    }

    /// <summary>Deletes an entry, if it exists.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">Whether to wait until the write is on the disk.</param>
    /// <param name="cancellationToken">Cancels waiting. The write may be applied nevertheless.</param>
    /// <returns>A task that completes when the leader has applied the write.</returns>
    /// <exception cref="RaveException">As for <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask DeleteAsync(TKey key, WriteOptions options = default, CancellationToken cancellationToken = default)
    {
        PooledBuffer bytes = Scratch.Take();
        try
        {
            EncodeKey(key, bytes);
            return WriteAsync(OperationType.Delete, bytes, bytes.Length, options, cancellationToken);
        }
        finally
        {
            Scratch.Return(bytes);
        }
    }

    /// <summary>Applies operations in order, all or none. An empty batch does nothing.</summary>
    /// <param name="operations">The operations, created by <see cref="BatchOperation"/>. By default, at most 1,000,000.</param>
    /// <param name="options">Whether to wait until the write is on the disk.</param>
    /// <param name="cancellationToken">Cancels waiting. The write may be applied nevertheless.</param>
    /// <returns>A task that completes when the leader has applied the operations.</returns>
    /// <exception cref="RaveException">As for <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask BatchAsync(
        IEnumerable<BatchOperation<TKey, TValue>> operations, WriteOptions options = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return WriteAsync([.. operations.Select(Encode)], options, cancellationToken);
    }

    /// <summary>Creates a batch that collects operations call by call.</summary>
    /// <returns>The batch. Nothing is applied before <see cref="WriteBatch{TKey, TValue}.WriteAsync"/>.</returns>
    public WriteBatch<TKey, TValue> Batch() => new(this);

    /// <summary>Deletes the entries of a range in chunks. Each chunk is atomic, the whole is not.</summary>
    /// <param name="range">
    /// The range, or <see langword="null"/> for all entries. With a snapshot, only keys that it contains are deleted.
    /// </param>
    /// <param name="options">Whether to wait until the write is on the disk.</param>
    /// <param name="cancellationToken">Stops the clear. Deleted entries stay deleted.</param>
    /// <returns>A task that completes when the leader has deleted the last chunk.</returns>
    /// <exception cref="RaveException">As for <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask ClearAsync(
        RangeOptions<TKey>? range = null, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        Database.Observers.Clears.IsEmpty && !Observation.IsOn
            ? Database.Store.ClearAsync(ToScan(range), options.Sync, once: null, cancellationToken)
            : ClearObservedAsync(range, options, cancellationToken);

    internal bool SharesDatabaseWith<TOtherKey, TOtherValue>(AbstractLevel<TOtherKey, TOtherValue> other) =>
        ReferenceEquals(Database, other.Database);

    internal Operation Encode(BatchOperation<TKey, TValue> operation) => operation.IsPut
        ? new(OperationType.Put, EncodeKey(operation.Key), EncodeValue(operation.Value))
        : new(OperationType.Delete, EncodeKey(operation.Key), []);

    internal ValueTask WriteAsync(IReadOnlyList<Operation> operations, WriteOptions options, CancellationToken cancellationToken) =>
        Database.Observers.HasWriteObservers || Observation.IsOn
            ? WriteObservedAsync(operations, options, cancellationToken)
            : WriteDirectlyAsync(operations, options, cancellationToken);

    private ValueTask WriteDirectlyAsync(IReadOnlyList<Operation> operations, WriteOptions options, CancellationToken cancellationToken)
    {
        using PooledBuffer body = new();
        foreach (Operation operation in operations)
        {
            operation.AddTo(body);
        }

        return StoreAsync(body.Written, options, cancellationToken);
    }

    // On a leader, a write that need not wait allocates nothing. On a follower, only the object that waits. The buffer holds the key, and
    // the value after it.
    private ValueTask WriteAsync(
        OperationType type, PooledBuffer bytes, int keyLength, WriteOptions options, CancellationToken cancellationToken)
    {
        if (Database.Observers.HasWriteObservers || Observation.IsOn)
        {
            Operation operation = new(type, bytes.WrittenSpan[..keyLength].ToArray(), bytes.WrittenSpan[keyLength..].ToArray());
            return WriteObservedAsync([operation], options, cancellationToken);
        }

        int length = bytes.Length;
        // The operation is written after key and value. Its space is requested before their spans are taken, because the buffer may move.
        bytes.GetSpan(length + OperationsBinaryWriter.Framing);
        ReadOnlySpan<byte> key = bytes.WrittenSpan[..keyLength];
        if (type == OperationType.Put)
        {
            OperationsBinaryWriter.Put(bytes, key, bytes.WrittenSpan[keyLength..length]);
        }
        else
        {
            OperationsBinaryWriter.Delete(bytes, key);
        }

        return StoreAsync(bytes.Written[length..], options, cancellationToken);
    }

    private ValueTask StoreAsync(ReadOnlyMemory<byte> operations, WriteOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return cancellationToken.IsCancellationRequested
                ? ValueTask.FromCanceled(cancellationToken)
                : Database.Store.WriteAsync(operations, options.Sync, once: null, cancellationToken);
        }
        catch (Exception failure)
        {
            return ValueTask.FromException(failure);
        }
    }
}
