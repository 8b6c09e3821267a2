namespace Rave.Client;

/// <summary>A bound of a range: a key, or no bound. Keys convert to it implicitly.</summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
public readonly struct Bound<TKey> : IEquatable<Bound<TKey>>
{
    /// <summary>Creates a bound.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentNullException">The key is <see langword="null"/>.</exception>
    public Bound(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
        IsSet = true;
    }

    /// <summary>Gets whether there is a bound. For a value type, the default key is a bound too.</summary>
    public bool IsSet { get; }

    /// <summary>Gets the key, if <see cref="IsSet"/> is <see langword="true"/>.</summary>
    public TKey? Key { get; }

    /// <summary>Converts a key to a bound. <see langword="null"/> is no bound.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The bound.</returns>
    public static implicit operator Bound<TKey>(TKey? key) => key is null ? default : new(key);

    /// <summary>Compares two bounds.</summary>
    /// <param name="left">The first bound.</param>
    /// <param name="right">The second bound.</param>
    /// <returns><see langword="true"/> if both have the same key, or both are no bound.</returns>
    public static bool operator ==(Bound<TKey> left, Bound<TKey> right) => left.Equals(right);

    /// <summary>Compares two bounds.</summary>
    /// <param name="left">The first bound.</param>
    /// <param name="right">The second bound.</param>
    /// <returns><see langword="true"/> if they differ.</returns>
    public static bool operator !=(Bound<TKey> left, Bound<TKey> right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Bound<TKey> other) => IsSet == other.IsSet && EqualityComparer<TKey?>.Default.Equals(Key, other.Key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bound<TKey> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsSet, Key);

    /// <summary>Describes the bound.</summary>
    /// <returns>The text of the key, or <c>none</c>.</returns>
    public override string ToString() => IsSet ? Key?.ToString() ?? "" : "none";
}
