namespace Rave.Server.Storage;

// The keys of the service itself. No read, scan, clear or count sees them, and no write may use them.
internal static class ReservedKeys
{
    internal static readonly byte[] Prefix = [0xff, 0xff, .. "rave"u8, 0x00];
    internal static readonly byte[] End = [0xff, 0xff, .. "rave"u8, 0x01];
    internal static readonly KeyRange Range = new(Prefix, End);

    internal static bool Contains(ReadOnlySpan<byte> key) => key.StartsWith(Prefix);

    internal static RaveException NotAllowed() => new(
        ErrorCodes.InvalidKey,
        $"Keys that begin with {Convert.ToHexStringLower(Prefix)} (hex) are reserved for RaveLevel. Use another key.");
}
