using Rave.Client.Batches;
using Rave.Client.Telemetry;
using Rave.Server.Protocol;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Stores a value, over an older one if there is one.</summary>
    /// <param name="key">Its key; at most 64 KiB of bytes, by default.</param>
    /// <param name="value">The value; at most 64 MiB of bytes, by default.</param>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Gives up waiting; the write may be applied all the same.</param>
    /// <returns>When a leader has applied it.</returns>
    /// <exception cref="RaveException"><c>LEVEL_DATABASE_NOT_OPEN</c> on a closed handle; <c>LEVEL_CONNECTION_LOST</c> when no leader answered in time,
    /// with <see cref="RaveException.MayHaveBeenApplied"/>; <c>LEVEL_TOO_LARGE</c>, <c>LEVEL_INVALID_KEY</c> (the reserved range);
    /// <c>LEVEL_OVERLOADED</c> when too many writes wait already, and nothing was written; <c>LEVEL_READONLY</c> where a server leads that was started with <c>--read-only</c>; <c>LEVEL_IO_ERROR</c>; <c>LEVEL_HOOK_ERROR</c> when a <see cref="PreWrite"/> hook failed.</exception>
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

    /// <summary>Deletes an entry, if there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Gives up waiting; the write may be applied all the same.</param>
    /// <returns>When a leader has applied it.</returns>
    /// <exception cref="RaveException">As of <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
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

    /// <summary>Applies operations all or none, in order. An empty batch does nothing.</summary>
    /// <param name="operations">What to do; at most 1,000,000, by default.</param>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch may be applied all the same.</param>
    /// <returns>When a leader has applied them.</returns>
    /// <exception cref="RaveException">As of <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask BatchAsync(
        IEnumerable<BatchOperation<TKey, TValue>> operations, WriteOptions options = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return WriteAsync([.. operations.Select(Encode)], options, cancellationToken);
    }

    /// <summary>Begins a batch that is put together call by call.</summary>
    /// <returns>The batch; nothing is applied before its <see cref="WriteBatch{TKey, TValue}.WriteAsync"/>.</returns>
    public WriteBatch<TKey, TValue> Batch() => new(this);

    /// <summary>Deletes the entries of a range. Not atomic as a whole: in chunks, each of which is.</summary>
    /// <param name="range">Which entries; without it all of them.</param>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Stops; what was deleted stays deleted.</param>
    /// <returns>When the last chunk is gone.</returns>
    /// <exception cref="RaveException">As of <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask ClearAsync(RangeOptions<TKey>? range = null, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        Database.Observers.Clears.IsEmpty && !Observation.IsOn
            ? Database.Store.ClearAsync(ToScan(range), options.Sync, once: null, cancellationToken)
            : ClearSeenAsync(range, options, cancellationToken);

    internal bool SharesDatabaseWith<TOtherKey, TOtherValue>(AbstractLevel<TOtherKey, TOtherValue> other) => ReferenceEquals(Database, other.Database);

    internal Operation Encode(BatchOperation<TKey, TValue> operation) => operation.IsPut
        ? new(OperationType.Put, EncodeKey(operation.Key), EncodeValue(operation.Value))
        : new(OperationType.Delete, EncodeKey(operation.Key), []);

    internal ValueTask WriteAsync(IReadOnlyList<Operation> operations, WriteOptions options, CancellationToken cancellationToken) =>
        Database.Observers.SeeWrites || Observation.IsOn
            ? WriteSeenAsync(operations, options, cancellationToken)
            : WriteUnseenAsync(operations, options, cancellationToken);

    private ValueTask WriteUnseenAsync(IReadOnlyList<Operation> operations, WriteOptions options, CancellationToken cancellationToken)
    {
        using PooledBuffer body = new();
        foreach (Operation operation in operations)
        {
            operation.AddTo(body);
        }

        return StoreAsync(body.Written, options, cancellationToken);
    }

    // A leader's write allocates nothing where it can be done at once, a follower's what waits for its answer. The buffer holds the key and behind it the value.
    private ValueTask WriteAsync(OperationType type, PooledBuffer bytes, int keyLength, WriteOptions options, CancellationToken cancellationToken)
    {
        if (Database.Observers.SeeWrites || Observation.IsOn)
        {
            return WriteSeenAsync([new(type, bytes.WrittenSpan[..keyLength].ToArray(), bytes.WrittenSpan[keyLength..].ToArray())], options, cancellationToken);
        }

        int length = bytes.Length;
        // Behind the two: asked for before they are looked at, for the buffer may move.
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
