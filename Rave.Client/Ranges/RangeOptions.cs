namespace Rave.Client;

/// <summary>
/// A range of entries and its order. Without bounds, it contains all entries. Entries are ordered by the bytes of their keys.
/// </summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
public sealed record RangeOptions<TKey>
{
    /// <summary>Gets the lower bound, exclusive. <see cref="Gte"/> has precedence. The default is no bound.</summary>
    public Bound<TKey> Gt { get; init; }

    /// <summary>Gets the lower bound, inclusive. The default is no bound.</summary>
    public Bound<TKey> Gte { get; init; }

    /// <summary>Gets the upper bound, exclusive. <see cref="Lte"/> has precedence. The default is no bound.</summary>
    public Bound<TKey> Lt { get; init; }

    /// <summary>Gets the upper bound, inclusive. The default is no bound.</summary>
    public Bound<TKey> Lte { get; init; }

    /// <summary>Gets the prefix: only keys whose bytes begin with the bytes of this key. The default is no prefix.</summary>
    public Bound<TKey> Prefix { get; init; }

    /// <summary>Gets whether the order is from the last key to the first. The default is <see langword="false"/>.</summary>
    public bool Reverse { get; init; }

    /// <summary>
    /// Gets the maximum number of entries. <see langword="null"/> and -1 mean no limit. Calls that get a smaller number throw an
    /// <see cref="ArgumentOutOfRangeException"/>. The default is <see langword="null"/>.
    /// </summary>
    public long? Limit { get; init; }

    /// <summary>
    /// Gets the snapshot to read from. It must belong to the same handle. The default is <see langword="null"/>: the current data.
    /// </summary>
    public Snapshot? Snapshot { get; init; }

    /// <summary>Describes the range, such as <c>gte: a, lt: b, reverse, limit: 10</c>.</summary>
    /// <returns>The text, or <c>all</c> if nothing is set.</returns>
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
