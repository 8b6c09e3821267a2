using Rave.Server.Storage;

namespace Rave.Client;

// A change in bytes: the key and value of a put or del, the range of a clear.
internal sealed record RawChange(ChangeKind Kind, byte[] Key, byte[] Value, KeyRange Range = default, bool IsLast = false);
