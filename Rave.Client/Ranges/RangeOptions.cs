namespace Rave.Client;

/// <summary>Which entries, and in which order. Without any bound: all of them, ascending by the bytes of their keys.</summary>
/// <typeparam name="TKey">What keys are.</typeparam>
public sealed record RangeOptions<TKey>
{
    /// <summary>Only keys after this one. <see cref="Gte"/> wins over it. Defaults to none.</summary>
    public Bound<TKey> Gt { get; init; }

    /// <summary>Only this key and those after it. Defaults to none.</summary>
    public Bound<TKey> Gte { get; init; }

    /// <summary>Only keys before this one. <see cref="Lte"/> wins over it. Defaults to none.</summary>
    public Bound<TKey> Lt { get; init; }

    /// <summary>Only this key and those before it. Defaults to none.</summary>
    public Bound<TKey> Lte { get; init; }

    /// <summary>Only keys whose bytes begin with this key's. Defaults to none.</summary>
    public Bound<TKey> Prefix { get; init; }

    /// <summary>From the last key to the first. Defaults to <see langword="false"/>.</summary>
    public bool Reverse { get; init; }

    /// <summary>At most so many entries; -1 for all, less is an <see cref="ArgumentOutOfRangeException"/> where the range is used. Defaults to -1.</summary>
    public long Limit { get; init; } = -1;

    /// <summary>The snapshot to read from, of the same handle, else <see cref="ArgumentException"/>; of a clear, only keys in it are deleted. Defaults to none.</summary>
    public Snapshot? Snapshot { get; init; }
}
