namespace Rave.Client;

/// <summary>The limits of a leader. <c>GET /v1/status</c> shows all of them.</summary>
public sealed record Limits
{
    /// <summary>Bytes in a key. Defaults to 64 KiB.</summary>
    public int KeyBytes { get; set; } = 64 << 10;

    /// <summary>Bytes in a value. Defaults to 64 MiB.</summary>
    public int ValueBytes { get; set; } = 64 << 20;

    /// <summary>Bytes in the body of a request. Defaults to 128 MiB.</summary>
    public int BodyBytes { get; set; } = 128 << 20;

    /// <summary>Operations in a batch. Defaults to 1,000,000.</summary>
    public int BatchOperations { get; set; } = 1_000_000;

    /// <summary>Bytes of keys and values in a batch, which must also fit in a body. Defaults to 128 MiB.</summary>
    public int BatchBytes { get; set; } = 128 << 20;

    /// <summary>Entries in a page. Defaults to 10,000.</summary>
    public int PageEntries { get; set; } = 10_000;

    /// <summary>Bytes of keys and values in a page. The first entry may be larger. Defaults to 4 MiB.</summary>
    public int PageBytes { get; set; } = 4 << 20;

    /// <summary>Keys in a get-many. Defaults to 1,000,000.</summary>
    public int GetManyKeys { get; set; } = 1_000_000;

    /// <summary>Bytes of keys and values in the answer of a get-many. Defaults to 128 MiB.</summary>
    public int GetManyBytes { get; set; } = 128 << 20;

    /// <summary>Open snapshots at once. Defaults to 1,024.</summary>
    public int Snapshots { get; set; } = 1024;

    /// <summary>Subscribers of the change feed at once. Defaults to 256.</summary>
    public int Subscribers { get; set; } = 256;

    /// <summary>Sessions (<c>Idempotency-Key</c>) that are remembered. Defaults to 100,000.</summary>
    public int Sessions { get; set; } = 100_000;

    /// <summary>
    /// Bytes of request bodies and answers in memory at once. Excess requests are rejected with 503. Defaults to 512 MiB.
    /// </summary>
    public int HeldBytes { get; set; } = 512 << 20;

    /// <summary>Writes that wait for their turn. Excess writes are rejected with 503. Defaults to 100,000.</summary>
    public int WaitingWrites { get; set; } = 100_000;

    /// <summary>Bytes of writes that wait for their turn. Excess writes are rejected with 503. Defaults to 256 MiB.</summary>
    public int WaitingWriteBytes { get; set; } = 256 << 20;

    /// <summary>Connections at once, including followers. Excess connections are rejected with 503. Defaults to 4,096.</summary>
    /// <remarks>
    /// Never more than half of the files that the process may open, after 256 are set aside for the process.
    /// </remarks>
    public int Connections { get; set; } = 4096;
}
