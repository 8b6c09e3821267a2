namespace Rave.Client;

/// <summary>A key as a bound, or none. Keys convert to it by themselves.</summary>
/// <typeparam name="TKey">What keys are.</typeparam>
public readonly struct Bound<TKey> : IEquatable<Bound<TKey>>
{
    /// <summary>Bounds by a key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentNullException">The key is <see langword="null"/>.</exception>
    public Bound(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
        IsSet = true;
    }

    /// <summary>Whether there is a bound: for keys of a value type, 0 is a bound and none is another.</summary>
    public bool IsSet { get; }

    /// <summary>The key, if <see cref="IsSet"/>.</summary>
    public TKey? Key { get; }

    /// <summary>Bounds by a key; <see langword="null"/> is no bound.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The bound.</returns>
    public static implicit operator Bound<TKey>(TKey? key) => key is null ? default : new(key);

    /// <summary>Whether two bounds have the same key, or both none.</summary>
    /// <returns>Whether they are the same.</returns>
    public static bool operator ==(Bound<TKey> left, Bound<TKey> right) => left.Equals(right);

    /// <summary>Whether two bounds differ.</summary>
    /// <returns>Whether they are not the same.</returns>
    public static bool operator !=(Bound<TKey> left, Bound<TKey> right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Bound<TKey> other) => IsSet == other.IsSet && EqualityComparer<TKey?>.Default.Equals(Key, other.Key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bound<TKey> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsSet, Key);

    /// <summary>The key as text; <c>none</c> where there is no bound.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsSet ? Key?.ToString() ?? "" : "none";
}
