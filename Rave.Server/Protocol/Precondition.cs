namespace Rave.Server.Protocol;

// What must be true of a key for a request to go ahead. Wanted: it has a value with one of these tags, or any value where none are named.
// Not wanted: it has no such value.
internal sealed record Precondition(bool Wanted, IReadOnlyList<string>? Tags = null)
{
    internal static readonly Precondition Exists = new(Wanted: true);
    internal static readonly Precondition Missing = new(Wanted: false);

    // For the tag of the value that there is, null where there is none.
    internal bool Holds(string? etag) => Wanted == (etag is not null && (Tags is null || Tags.Contains(etag)));

    internal static RaveException Failed(ReadOnlySpan<byte> key) => new(
        ErrorCodes.PreconditionFailed,
        $"The entry with the key {KeyText.Of(key)} is not as the request requires it; read it again.");
}
