namespace Rave.Client;

/// <summary>Options of a read.</summary>
public readonly record struct ReadOptions
{
    /// <summary>
    /// Gets the snapshot to read from. It must belong to the same handle. The default is <see langword="null"/>: the current data.
    /// </summary>
    public Snapshot? Snapshot { get; init; }
}
