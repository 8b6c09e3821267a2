using Rave.Server.Storage;

namespace Rave.Etcd.Changes;

// A change that waits for its reader. Without a type, it is only a place: nothing in the range has changed up to there.
internal sealed record Delivery(ChangeType? Type, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, FeedPlace Place, bool IsLast)
{
    // The approximate memory that it uses, without its bytes.
    private const int Overhead = 200;

    internal int Cost => Overhead + Key.Length + Value.Length;
}
