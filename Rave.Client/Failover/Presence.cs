using Rave.Server.Storage;

namespace Rave.Client.Failover;

// Whether there is an entry.
internal sealed class Presence : ValueReader<bool>
{
    internal static readonly Presence Reader = new();

    internal override bool Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => found;
}
