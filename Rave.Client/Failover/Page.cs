namespace Rave.Client.Failover;

// Entries of a scan and where it goes on, or null at its end. The token is as good for the next leader as for the last.
internal sealed record Page(IReadOnlyList<KeyValuePair<byte[], byte[]>> Entries, string? Continuation);
