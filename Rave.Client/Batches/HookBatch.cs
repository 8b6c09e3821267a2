using Rave.Client.Batches;

namespace Rave.Client;

/// <summary>
/// Takes the operations that a hook adds to a write. They are applied together with it, or not at all. It can be used until the hook
/// returns.
/// </summary>
public sealed class HookBatch
{
    private readonly Database _database;
    private readonly List<Operation> _added = [];
    private bool _closed;

    internal HookBatch(Database database) => _database = database;

    internal IReadOnlyList<Operation> Added => _added;

    /// <summary>Adds an operation that stores a value.</summary>
    /// <typeparam name="TKey">The type of keys of the level.</typeparam>
    /// <typeparam name="TValue">The type of values of the level.</typeparam>
    /// <param name="level">A level of the same handle.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The level belongs to another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the hook has returned.</exception>
    public HookBatch Put<TKey, TValue>(AbstractLevel<TKey, TValue> level, TKey key, TValue value) =>
        Add(level, BatchOperation.Put(key, value));

    /// <summary>Adds an operation that deletes an entry, if it exists.</summary>
    /// <typeparam name="TKey">The type of keys of the level.</typeparam>
    /// <typeparam name="TValue">The type of values of the level.</typeparam>
    /// <param name="level">A level of the same handle.</param>
    /// <param name="key">The key.</param>
    /// <returns>This batch.</returns>
    /// <exception cref="ArgumentException">The level belongs to another handle.</exception>
    /// <exception cref="RaveException"><c>LEVEL_BATCH_NOT_OPEN</c>: the hook has returned.</exception>
    public HookBatch Delete<TKey, TValue>(AbstractLevel<TKey, TValue> level, TKey key) =>
        Add(level, BatchOperation.Delete<TKey, TValue>(key));

    // An operation that is added later would be lost silently.
    internal void Close() => _closed = true;

    private HookBatch Add<TKey, TValue>(AbstractLevel<TKey, TValue> level, BatchOperation<TKey, TValue> operation)
    {
        ArgumentNullException.ThrowIfNull(level);
        if (_closed)
        {
            throw new RaveException(ErrorCodes.BatchNotOpen, "The hook has returned. Operations can only be added before.");
        }

        if (!ReferenceEquals(level.Database, _database))
        {
            throw new ArgumentException("The level belongs to another handle. A batch writes to levels of one handle.", nameof(level));
        }

        _added.Add(level.Encode(operation));
        return this;
    }
}
