using System.Diagnostics.CodeAnalysis;

namespace Rave.Client;

/// <summary>
/// Creates the operations of a batch, without spelled type arguments:
/// <c>db.BatchAsync([BatchOperation.Put("a", "1"), BatchOperation.Delete("b")])</c>.
/// </summary>
public static class BatchOperation
{
    /// <summary>Creates an operation that stores a value.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>The operation.</returns>
    public static BatchOperation<TKey, TValue> Put<TKey, TValue>(TKey key, TValue value) => new(isPut: true, key, value);

    /// <summary>Creates an operation that deletes an entry, if it exists.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <param name="key">The key.</param>
    /// <returns>The operation, which converts to a <see cref="BatchOperation{TKey, TValue}"/> of any value type.</returns>
    public static BatchDelete<TKey> Delete<TKey>(TKey key) => new(key);

    /// <summary>Creates an operation that deletes an entry, if it exists, where its type must be known, as in <c>keys.Select</c>.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="key">The key.</param>
    /// <returns>The operation.</returns>
    public static BatchOperation<TKey, TValue> Delete<TKey, TValue>(TKey key) => new(isPut: false, key, default);
}

/// <summary>One operation of a batch. <see cref="BatchOperation"/> creates it.</summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public readonly record struct BatchOperation<TKey, TValue>
{
    internal BatchOperation(bool isPut, TKey key, TValue? value)
    {
        IsPut = isPut;
        Key = key;
        Value = value;
    }

    /// <summary>Gets whether it stores a value. If not, it deletes the entry.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsPut { get; }

    /// <summary>Gets the key.</summary>
    public TKey Key { get; }

    /// <summary>Gets the value, if <see cref="IsPut"/> is <see langword="true"/>.</summary>
    public TValue? Value { get; }

    /// <summary>Converts a deletion, which has no value, to an operation with this type of values.</summary>
    /// <param name="delete">The deletion.</param>
    /// <returns>The operation.</returns>
    public static implicit operator BatchOperation<TKey, TValue>(BatchDelete<TKey> delete) => new(isPut: false, delete.Key, default);
}
