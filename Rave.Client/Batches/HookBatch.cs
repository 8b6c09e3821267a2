using Rave.Client.Batches;

namespace Rave.Client;

/// <summary>Where a hook adds operations to the write that it was called for: all of it is applied, or none. Good for that call only.</summary>
public sealed class HookBatch
{
    private readonly Database _database;
    private readonly List<Operation> _added = [];
    private bool _closed;

    internal HookBatch(Database database) => _database = database;

    internal IReadOnlyList<Operation> Added => _added;

    /// <summary>Adds a put.</summary>
    /// <typeparam name="TKey">What keys of the level are.</typeparam>
    /// <typeparam name="TValue">What values of the level are.</typeparam>
    /// <param name="level">A level of the same handle.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The level is of another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once the hook has returned.</exception>
    public HookBatch Put<TKey, TValue>(AbstractLevel<TKey, TValue> level, TKey key, TValue value) =>
        Add(level, BatchOperation<TKey, TValue>.Put(key, value));

    /// <summary>Adds a del.</summary>
    /// <typeparam name="TKey">What keys of the level are.</typeparam>
    /// <typeparam name="TValue">What values of the level are.</typeparam>
    /// <param name="level">A level of the same handle.</param>
    /// <param name="key">The key.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The level is of another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c> once the hook has returned.</exception>
    public HookBatch Delete<TKey, TValue>(AbstractLevel<TKey, TValue> level, TKey key) => Add(level, BatchOperation<TKey, TValue>.Delete(key));

    // What is added later would be lost without a word.
    internal void Close() => _closed = true;

    private HookBatch Add<TKey, TValue>(AbstractLevel<TKey, TValue> level, BatchOperation<TKey, TValue> operation)
    {
        ArgumentNullException.ThrowIfNull(level);
        if (_closed)
        {
            throw new RaveException(ErrorCodes.BatchNotOpen, "The hook has returned, and its write is on its way.");
        }

        if (!ReferenceEquals(level.Database, _database))
        {
            throw new ArgumentException("The level is of another handle; a batch is written by one.", nameof(level));
        }

        _added.Add(level.Encode(operation));
        return this;
    }
}
