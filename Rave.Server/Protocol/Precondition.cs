namespace Rave.Server.Protocol;

// A condition of a request on a key. Wanted: the key has a value with one of these tags, or any value if Tags is null.
// Not wanted: the key has no such value.
internal sealed record Precondition(bool Wanted, IReadOnlyList<string>? Tags = null)
{
    internal static readonly Precondition Exists = new(Wanted: true);
    internal static readonly Precondition Missing = new(Wanted: false);

    // The etag is null if the key has no value.
    internal bool Holds(string? etag) => Wanted == (etag is not null && (Tags is null || Tags.Contains(etag)));

    internal static RaveException Failed(ReadOnlySpan<byte> key) => new(
        ErrorCodes.PreconditionFailed,
        $"The condition on the key {KeyText.Of(key)} does not hold, and nothing was written. Read the entry again and decide.");
}
