namespace Rave.Client;

/// <summary>
/// A deletion in a batch. <see cref="BatchOperation.Delete{TKey}(TKey)"/> creates it, and it converts to a
/// <see cref="BatchOperation{TKey, TValue}"/>.
/// </summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
public readonly record struct BatchDelete<TKey>
{
    internal BatchDelete(TKey key) => Key = key;

    /// <summary>Gets the key.</summary>
    public TKey Key { get; }
}
