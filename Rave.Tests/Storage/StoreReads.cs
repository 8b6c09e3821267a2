using Rave.Server.Storage;

namespace Rave.Tests.Storage;

internal static class StoreReads
{
    // The values in the order of the keys, all as they are at one moment, or in a snapshot.
    internal static void GetMany(this Store store, IReadOnlyList<byte[]> keys, Action<byte[], byte[]?> visit, string? snapshot = null)
    {
        using MomentReader moment = store.ReadMoment(keys.Count, snapshot);
        foreach (byte[] key in keys)
        {
            visit(key, moment.TryRead(key, out ReadOnlySpan<byte> value) ? value.ToArray() : null);
        }
    }
}
