using Rave.Client.Batches;

namespace Rave.Client;

/// <summary>A batch that is put together call by call and applied all or none. Not for several threads at once.</summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public sealed class ChainedBatch<TKey, TValue>
{
    private readonly AbstractLevel<TKey, TValue> _level;
    private readonly List<Operation> _operations = [];
    private bool _written;

    internal ChainedBatch(AbstractLevel<TKey, TValue> level) => _level = level;

    /// <summary>How many operations it holds.</summary>
    public int Length => _operations.Count;

    /// <summary>Adds a put.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once it was written or its database closed.</exception>
    public ChainedBatch<TKey, TValue> Put(TKey key, TValue value) => Add(BatchOperation<TKey, TValue>.Put(key, value));

    /// <summary>Adds a put into another level of the same database: batches across sublevels are all or none as well.</summary>
    /// <typeparam name="TOtherKey">What its keys are.</typeparam>
    /// <typeparam name="TOtherValue">What its values are.</typeparam>
    /// <param name="level">The level, which must be of the same handle.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The level is of another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once it was written or its database closed.</exception>
    public ChainedBatch<TKey, TValue> Put<TOtherKey, TOtherValue>(AbstractLevel<TOtherKey, TOtherValue> level, TOtherKey key, TOtherValue value) =>
        Add(level, BatchOperation<TOtherKey, TOtherValue>.Put(key, value));

    /// <summary>Adds a del in another level of the same database.</summary>
    /// <typeparam name="TOtherKey">What its keys are.</typeparam>
    /// <typeparam name="TOtherValue">What its values are.</typeparam>
    /// <param name="level">The level, which must be of the same handle.</param>
    /// <param name="key">The key.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The level is of another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once it was written or its database closed.</exception>
    public ChainedBatch<TKey, TValue> Delete<TOtherKey, TOtherValue>(AbstractLevel<TOtherKey, TOtherValue> level, TOtherKey key) =>
        Add(level, BatchOperation<TOtherKey, TOtherValue>.Delete(key));

    /// <summary>Adds a del.</summary>
    /// <param name="key">The key.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once it was written or its database closed.</exception>
    public ChainedBatch<TKey, TValue> Delete(TKey key) => Add(BatchOperation<TKey, TValue>.Delete(key));

    /// <summary>Adds a condition: unless it holds, nothing of the batch is written. It sees the database as it is before the batch.</summary>
    /// <param name="key">The key.</param>
    /// <param name="condition">What must be true of it.</param>
    /// <returns>This batch, whose <see cref="WriteAsync"/> may then throw <c>LEVEL_PRECONDITION_FAILED</c>.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once it was written or its database closed.</exception>
    public ChainedBatch<TKey, TValue> Check(TKey key, Condition condition) => Check(_level, key, condition);

    /// <summary>Adds a condition on a key of another level of the same database.</summary>
    /// <typeparam name="TOtherKey">What its keys are.</typeparam>
    /// <typeparam name="TOtherValue">What its values are.</typeparam>
    /// <param name="level">The level, which must be of the same handle.</param>
    /// <param name="key">The key.</param>
    /// <param name="condition">What must be true of it.</param>
    /// <returns>This batch, whose <see cref="WriteAsync"/> may then throw <c>LEVEL_PRECONDITION_FAILED</c>.</returns>
    /// <exception cref="ArgumentException">The level is of another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once it was written or its database closed.</exception>
    public ChainedBatch<TKey, TValue> Check<TOtherKey, TOtherValue>(AbstractLevel<TOtherKey, TOtherValue> level, TOtherKey key, Condition condition)
    {
        ThrowIfNotWritableWith(level);
        _operations.Add(level.Check(key, condition));
        return this;
    }

    /// <summary>Drops what it holds.</summary>
    /// <returns>This batch.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once it was written or its database closed.</exception>
    public ChainedBatch<TKey, TValue> Clear()
    {
        ThrowIfNotOpen();
        _operations.Clear();
        return this;
    }

    /// <summary>Applies the operations all or none, in order. Can be called once, not counting a call whose token was cancelled before.</summary>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch may be applied all the same.</param>
    /// <returns>When a leader has applied them.</returns>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once it was written or its database closed; <c>LEVEL_PRECONDITION_FAILED</c> where a <see cref="Check(TKey, Condition)"/> does not hold; otherwise as of <see cref="AbstractLevel{TKey, TValue}.PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask WriteAsync(WriteOptions options = default, CancellationToken cancellationToken = default)
    {
        ThrowIfNotOpen();
        if (cancellationToken.IsCancellationRequested)
        {
            // Nothing was begun: it can still be written.
            return ValueTask.FromCanceled(cancellationToken);
        }

        _written = true;
        return _level.WriteAsync(_operations, options, cancellationToken);
    }

    private ChainedBatch<TKey, TValue> Add(BatchOperation<TKey, TValue> operation) => Add(_level, operation);

    private ChainedBatch<TKey, TValue> Add<TOtherKey, TOtherValue>(AbstractLevel<TOtherKey, TOtherValue> level, BatchOperation<TOtherKey, TOtherValue> operation)
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
            throw new ArgumentException("The level is of another handle; a batch is written by one.", nameof(level));
        }
    }

    private void ThrowIfNotOpen()
    {
        if (_written)
        {
            throw new RaveException(ErrorCodes.BatchNotOpen, "The batch was written already; begin another.");
        }

        if (_level.Database.IsClosed)
        {
            throw new RaveException(ErrorCodes.BatchNotOpen, "The batch was closed with its database.");
        }
    }
}
