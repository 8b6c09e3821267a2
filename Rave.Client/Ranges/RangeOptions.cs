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

    /// <summary>
    /// At most so many entries; <see langword="null"/>, or -1, for all. Less is an <see cref="ArgumentOutOfRangeException"/> where the range is used.
    /// Defaults to <see langword="null"/>.
    /// </summary>
    public long? Limit { get; init; }

    /// <summary>The snapshot to read from, of the same handle, else <see cref="ArgumentException"/>; of a clear, only keys in it are deleted. Defaults to none.</summary>
    public Snapshot? Snapshot { get; init; }

    /// <summary>The range as one would say it, such as <c>gte: a, lt: b, reverse, limit: 10</c>.</summary>
    /// <returns>What is set of it; <c>all</c> where nothing is.</returns>
    public override string ToString()
    {
        (string Name, Bound<TKey> Bound)[] bounds = [("gt", Gt), ("gte", Gte), ("lt", Lt), ("lte", Lte), ("prefix", Prefix)];
        string[] set =
        [
            .. bounds.Where(bound => bound.Bound.IsSet).Select(bound => $"{bound.Name}: {bound.Bound}"),
            .. Reverse ? ["reverse"] : Array.Empty<string>(),
            .. Limit is >= 0 ? [$"limit: {Limit}"] : Array.Empty<string>(),
            .. Snapshot is not null ? ["snapshot"] : Array.Empty<string>(),
        ];
        return set.Length == 0 ? "all" : string.Join(", ", set);
    }
}
