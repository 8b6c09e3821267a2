namespace Rave.Client;

/// <summary>Options of a write.</summary>
public readonly record struct WriteOptions
{
    /// <summary>
    /// Gets whether the write completes only when it is on the disk (fsync). If not, it survives the death of every process, but not a loss
    /// of power. The default is <see langword="false"/>.
    /// </summary>
    public bool Sync { get; init; }
}
