namespace Rave.Client;

/// <summary>One operation of a batch. Make it with <see cref="Put"/> or <see cref="Delete"/>.</summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public readonly record struct BatchOperation<TKey, TValue>
{
    private BatchOperation(bool isPut, TKey key, TValue? value)
    {
        IsPut = isPut;
        Key = key;
        Value = value;
    }

    /// <summary>Whether it stores a value; otherwise it deletes the entry.</summary>
    public bool IsPut { get; }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>The value, if <see cref="IsPut"/>.</summary>
    public TValue? Value { get; }

    /// <summary>Stores a value under a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>The operation.</returns>
    public static BatchOperation<TKey, TValue> Put(TKey key, TValue value) => new(true, key, value);

    /// <summary>Deletes an entry, if there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The operation.</returns>
    public static BatchOperation<TKey, TValue> Delete(TKey key) => new(false, key, default);
}
