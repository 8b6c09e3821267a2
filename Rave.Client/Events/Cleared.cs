using Rave.Server.Storage;

namespace Rave.Client;

// A clear that is done: the keys it covers, and the level and options that it was asked with.
internal sealed record Cleared(KeyRange Keys, byte[] Prefix, object Options);
