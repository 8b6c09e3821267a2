using Rave.Server.Storage;

namespace Rave.Client;

// A finished clear: its keys, the prefix of the level that was called, and the range that the caller passed.
internal sealed record Cleared(KeyRange Keys, byte[] Prefix, object Options);
