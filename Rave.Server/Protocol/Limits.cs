namespace Rave.Client;

/// <summary>What one request or client may ask of a leader. All of them stand in <c>GET /v1/status</c>.</summary>
public sealed record Limits
{
    /// <summary>Bytes of a key. Defaults to 64 KiB.</summary>
    public int KeyBytes { get; set; } = 64 << 10;

    /// <summary>Bytes of a value. Defaults to 64 MiB.</summary>
    public int ValueBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of a request's body. Defaults to 128 MiB.</summary>
    public int BodyBytes { get; set; } = 128 << 20;

    /// <summary>Operations in a batch, keys in a get-many. Defaults to 1,000,000.</summary>
    public int BatchOperations { get; set; } = 1_000_000;

    /// <summary>Entries in a page. Defaults to 10,000.</summary>
    public int PageEntries { get; set; } = 10_000;

    /// <summary>Bytes of keys and values in a page, the first entry apart. Defaults to 4 MiB.</summary>
    public int PageBytes { get; set; } = 4 << 20;

    /// <summary>Bytes of keys and values in the answer of a get-many. Defaults to 128 MiB.</summary>
    public int GetManyBytes { get; set; } = 128 << 20;

    /// <summary>Snapshots that clients hold at once. Defaults to 1,024.</summary>
    public int Snapshots { get; set; } = 1024;

    /// <summary>Subscribers to the change feed at once. Defaults to 256.</summary>
    public int Subscribers { get; set; } = 256;

    /// <summary>Sessions whose last write is remembered (<c>Idempotency-Key</c>). Defaults to 100,000.</summary>
    public int Sessions { get; set; } = 100_000;

    /// <summary>Bytes of requests' bodies and of whole answers that a leader holds at once; what goes beyond is refused with 503. Defaults to 512 MiB.</summary>
    public int HeldBytes { get; set; } = 512 << 20;

    /// <summary>Writes that wait for their turn; what goes beyond is refused with 503. Defaults to 100,000.</summary>
    public int WaitingWrites { get; set; } = 100_000;

    /// <summary>Bytes of writes that wait for their turn; what goes beyond is refused with 503. Defaults to 256 MiB.</summary>
    public int WaitingWriteBytes { get; set; } = 256 << 20;

    /// <summary>Connections at once, followers included, and never more than half of the files that the process may open beside 256 of its own; what goes beyond is refused with 503. Defaults to 4,096.</summary>
    public int Connections { get; set; } = 4096;
}
