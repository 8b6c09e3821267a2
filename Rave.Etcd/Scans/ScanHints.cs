namespace Rave.Etcd.Scans;

// The hints of scans that are under way, by the key after which they go on. The store keeps nothing else of a scan between two pages.
// A few places: a scan whose place another one has taken begins carefully once more.
internal sealed class ScanHints
{
    private const int Places = 256;

    private readonly Slot?[] _slots = new Slot[Places];

    internal ScanHint After(byte[]? key, bool reverse) =>
        key is not null && Volatile.Read(ref _slots[PlaceOf(key)]) is { } slot && slot.Reverse == reverse && slot.Key.AsSpan().SequenceEqual(key)
            ? slot.Hint
            : ScanHint.None;

    internal void Remember(byte[] key, bool reverse, ScanHint hint) => Volatile.Write(ref _slots[PlaceOf(key)], new(key, reverse, hint));

    private static int PlaceOf(byte[] key)
    {
        HashCode hash = new();
        hash.AddBytes(key);
        return (int)((uint)hash.ToHashCode() % Places);
    }

    private sealed record Slot(byte[] Key, bool Reverse, ScanHint Hint);
}
