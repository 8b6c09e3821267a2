using Rave.Server.Storage;

namespace Rave.Client;

// A change in bytes: the key and value of a put or del, the range of a clear.
internal sealed record RawChange(ChangeKind Kind, byte[] Key, byte[] Value, KeyRange Range = default, bool IsLast = false)
{
    internal static readonly RawChange Gap = new(ChangeKind.Gap, [], []);

    // From the one key to the other, both of them included.
    internal static RawChange Clear(byte[] from, byte[] to, bool isLast) => new(ChangeKind.Clear, [], [], new(from, KeyRange.Successor(to)), isLast);
}
