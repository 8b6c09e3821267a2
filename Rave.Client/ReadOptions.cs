namespace Rave.Client;

/// <summary>How a read is done.</summary>
public readonly record struct ReadOptions
{
    /// <summary>The snapshot to read from, of the same handle, else <see cref="ArgumentException"/>. Defaults to none: what is stored now.</summary>
    public Snapshot? Snapshot { get; init; }
}
