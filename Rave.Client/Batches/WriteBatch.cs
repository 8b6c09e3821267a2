using Rave.Client.Batches;

namespace Rave.Client;

/// <summary>Collects operations and applies them together: all or none. Not thread-safe.</summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed class WriteBatch<TKey, TValue>
{
    private readonly AbstractLevel<TKey, TValue> _level;
    private readonly List<Operation> _operations = [];
    private bool _written;

    internal WriteBatch(AbstractLevel<TKey, TValue> level) => _level = level;

    /// <summary>Gets the number of operations, including conditions.</summary>
    public int Length => _operations.Count;

    /// <summary>Adds an operation that stores a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the batch was written, or its database is closed.</exception>
    public WriteBatch<TKey, TValue> Put(TKey key, TValue value) => Put(_level, key, value);

    /// <summary>Adds an operation that stores a value in another level of the same handle.</summary>
    /// <typeparam name="TOtherKey">The type of keys of that level.</typeparam>
    /// <typeparam name="TOtherValue">The type of values of that level.</typeparam>
    /// <param name="level">The level. It must belong to the same handle.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The level belongs to another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the batch was written, or its database is closed.</exception>
    public WriteBatch<TKey, TValue> Put<TOtherKey, TOtherValue>(
        AbstractLevel<TOtherKey, TOtherValue> level, TOtherKey key, TOtherValue value) =>
        Add(level, BatchOperation.Put(key, value));

    /// <summary>Adds an operation that deletes an entry, if it exists.</summary>
    /// <param name="key">The key.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the batch was written, or its database is closed.</exception>
    public WriteBatch<TKey, TValue> Delete(TKey key) => Delete(_level, key);

    /// <summary>Adds an operation that deletes an entry of another level of the same handle, if it exists.</summary>
    /// <typeparam name="TOtherKey">The type of keys of that level.</typeparam>
    /// <typeparam name="TOtherValue">The type of values of that level.</typeparam>
    /// <param name="level">The level. It must belong to the same handle.</param>
    /// <param name="key">The key.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The level belongs to another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the batch was written, or its database is closed.</exception>
    public WriteBatch<TKey, TValue> Delete<TOtherKey, TOtherValue>(AbstractLevel<TOtherKey, TOtherValue> level, TOtherKey key) =>
        Add(level, BatchOperation.Delete<TOtherKey, TOtherValue>(key));

    /// <summary>
    /// Adds a condition. If it does not hold, nothing of the batch is written. It is checked before all operations of the batch.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="condition">The condition for the value of the key.</param>
    /// <returns>This batch. Its <see cref="WriteAsync"/> throws <c>LEVEL_PRECONDITION_FAILED</c> if the condition does not hold.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the batch was written, or its database is closed.</exception>
    public WriteBatch<TKey, TValue> Check(TKey key, Condition condition) => Check(_level, key, condition);

    /// <summary>Adds a condition for a key of another level of the same handle.</summary>
    /// <typeparam name="TOtherKey">The type of keys of that level.</typeparam>
    /// <typeparam name="TOtherValue">The type of values of that level.</typeparam>
    /// <param name="level">The level. It must belong to the same handle.</param>
    /// <param name="key">The key.</param>
    /// <param name="condition">The condition for the value of the key.</param>
    /// <returns>This batch. Its <see cref="WriteAsync"/> throws <c>LEVEL_PRECONDITION_FAILED</c> if the condition does not hold.</returns>
    /// <exception cref="ArgumentException">The level belongs to another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the batch was written, or its database is closed.</exception>
    public WriteBatch<TKey, TValue> Check<TOtherKey, TOtherValue>(
        AbstractLevel<TOtherKey, TOtherValue> level, TOtherKey key, Condition condition)
    {
        ThrowIfNotWritableWith(level);
        _operations.Add(level.Check(key, condition));
        return this;
    }

    /// <summary>Removes all operations.</summary>
    /// <returns>This batch.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the batch was written, or its database is closed.</exception>
    public WriteBatch<TKey, TValue> Clear()
    {
        ThrowIfNotOpen();
        _operations.Clear();
        return this;
    }

    /// <summary>
    /// Applies the operations in order, all or none. A batch can be written once. A call with a cancelled token does not count.
    /// </summary>
    /// <param name="options">Whether to wait until the batch is on the disk.</param>
    /// <param name="cancellationToken">Cancels waiting. The batch may be applied nevertheless.</param>
    /// <returns>A task that completes when the leader has applied the batch.</returns>
    /// <exception cref="RaveException">
    /// <c>LEVEL_BATCH_NOT_OPEN</c>: the batch was written, or its database is closed. <c>LEVEL_PRECONDITION_FAILED</c>: a condition does
    /// not hold. Otherwise as for <see cref="AbstractLevel{TKey, TValue}.PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.
    /// </exception>
    public ValueTask WriteAsync(WriteOptions options = default, CancellationToken cancellationToken = default)
    {
        ThrowIfNotOpen();
        if (cancellationToken.IsCancellationRequested)
        {
            // Nothing has begun, so it can still be written.
            return ValueTask.FromCanceled(cancellationToken);
        }

        _written = true;
        return _level.WriteAsync(_operations, options, cancellationToken);
    }

    private WriteBatch<TKey, TValue> Add<TOtherKey, TOtherValue>(
        AbstractLevel<TOtherKey, TOtherValue> level, BatchOperation<TOtherKey, TOtherValue> operation)
    {
        ThrowIfNotWritableWith(level);
        _operations.Add(level.Encode(operation));
        return this;
    }

    private void ThrowIfNotWritableWith<TOtherKey, TOtherValue>(AbstractLevel<TOtherKey, TOtherValue> level)
    {
        ArgumentNullException.ThrowIfNull(level);
        ThrowIfNotOpen();
        if (!level.SharesDatabaseWith(_level))
        {
            throw new ArgumentException("The level belongs to another handle. A batch writes to levels of one handle.", nameof(level));
        }
    }

    private void ThrowIfNotOpen()
    {
        if (_written)
        {
            throw new RaveException(ErrorCodes.BatchNotOpen, "The batch was already written. Create a new one.");
        }

        if (_level.Database.IsClosed)
        {
            throw new RaveException(ErrorCodes.BatchNotOpen, "The database of the batch is closed.");
        }
    }
}
