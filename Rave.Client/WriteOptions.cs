namespace Rave.Client;

/// <summary>How a write is done.</summary>
public readonly record struct WriteOptions
{
    /// <summary>
    /// Whether the write returns only once it is on the disk (fsync). Without it a write survives the death of every process, but not of the machine.
    /// Defaults to <see langword="false"/>.
    /// </summary>
    public bool Sync { get; init; }
}
