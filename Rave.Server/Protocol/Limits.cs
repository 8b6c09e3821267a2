namespace Rave.Client;

/// <summary>What one request or client may ask of a leader. All of them stand in <c>GET /v1/status</c>.</summary>
public sealed record Limits
{
    /// <summary>Bytes of a key. Defaults to 64 KiB.</summary>
    public int KeyBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of a value. Defaults to 64 MiB.</summary>
    public int ValueBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of a request's body. Defaults to 128 MiB.</summary>
    public int BodyBytes { get; init; } = 128 << 20;

    /// <summary>Operations in a batch, keys in a get-many. Defaults to 1,000,000.</summary>
    public int BatchOperations { get; init; } = 1_000_000;

    /// <summary>Entries in a page. Defaults to 10,000.</summary>
    public int PageEntries { get; init; } = 10_000;

    /// <summary>Bytes of keys and values in a page, the first entry apart. Defaults to 4 MiB.</summary>
    public int PageBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of keys and values in the answer of a get-many. Defaults to 128 MiB.</summary>
    public int GetManyBytes { get; init; } = 128 << 20;

    /// <summary>Snapshots that clients hold at once. Defaults to 1,024.</summary>
    public int Snapshots { get; init; } = 1024;

    /// <summary>Subscribers to the change feed at once. Defaults to 256.</summary>
    public int Subscribers { get; init; } = 256;

    /// <summary>Sessions whose last write is remembered (<c>Idempotency-Key</c>). Defaults to 100,000.</summary>
    public int Sessions { get; init; } = 100_000;

    /// <summary>Bytes of requests' bodies and of whole answers that a leader holds at once; what goes beyond is refused with 503. Defaults to 512 MiB.</summary>
    public int HeldBytes { get; init; } = 512 << 20;

    /// <summary>Writes that wait for their turn; what goes beyond is refused with 503. Defaults to 100,000.</summary>
    public int WaitingWrites { get; init; } = 100_000;

    /// <summary>Bytes of writes that wait for their turn; what goes beyond is refused with 503. Defaults to 256 MiB.</summary>
    public int WaitingWriteBytes { get; init; } = 256 << 20;

    /// <summary>Connections at once, followers included, and never more than half of the files that the process may open beside 256 of its own; what goes beyond is refused with 503. Defaults to 4,096.</summary>
    public int Connections { get; init; } = 4096;
}
