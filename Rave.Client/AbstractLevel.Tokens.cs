using System.Runtime.CompilerServices;

namespace Rave.Client;

// Overloads with a token and no options, so that callers need not write `default`. They have a lower priority, so that `new() { Sync = true
// }` means options and not a token.
public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <inheritdoc cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<TValue?> GetAsync(TKey key, CancellationToken cancellationToken) =>
        GetAsync(key, new ReadOptions(), cancellationToken);

    /// <inheritdoc cref="TryGetAsync(TKey, ReadOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<Lookup<TValue>> TryGetAsync(TKey key, CancellationToken cancellationToken) =>
        TryGetAsync(key, new ReadOptions(), cancellationToken);

    /// <inheritdoc cref="HasAsync(TKey, ReadOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<bool> HasAsync(TKey key, CancellationToken cancellationToken) => HasAsync(key, new ReadOptions(), cancellationToken);

    /// <inheritdoc cref="GetManyAsync(IEnumerable{TKey}, ReadOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<TValue?[]> GetManyAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken) =>
        GetManyAsync(keys, new ReadOptions(), cancellationToken);

    /// <inheritdoc cref="TryGetManyAsync(IEnumerable{TKey}, ReadOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<Lookup<TValue>[]> TryGetManyAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken) =>
        TryGetManyAsync(keys, new ReadOptions(), cancellationToken);

    /// <inheritdoc cref="HasManyAsync(IEnumerable{TKey}, ReadOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<bool[]> HasManyAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken) =>
        HasManyAsync(keys, new ReadOptions(), cancellationToken);

    /// <inheritdoc cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask PutAsync(TKey key, TValue value, CancellationToken cancellationToken) =>
        PutAsync(key, value, new WriteOptions(), cancellationToken);

    /// <inheritdoc cref="DeleteAsync(TKey, WriteOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask DeleteAsync(TKey key, CancellationToken cancellationToken) => DeleteAsync(key, new WriteOptions(), cancellationToken);

    /// <inheritdoc cref="PutIfAsync(TKey, TValue, Condition, WriteOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<bool> PutIfAsync(TKey key, TValue value, Condition condition, CancellationToken cancellationToken) =>
        PutIfAsync(key, value, condition, new WriteOptions(), cancellationToken);

    /// <inheritdoc cref="DeleteIfAsync(TKey, Condition, WriteOptions, CancellationToken)"/>
    [OverloadResolutionPriority(-1)]
    public ValueTask<bool> DeleteIfAsync(TKey key, Condition condition, CancellationToken cancellationToken) =>
        DeleteIfAsync(key, condition, new WriteOptions(), cancellationToken);
}
