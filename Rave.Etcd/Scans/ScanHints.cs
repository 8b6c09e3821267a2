namespace Rave.Etcd.Scans;

// The hints of running scans, by the key after which they continue. The store keeps nothing else of a scan between two pages.
// There are few slots. If another scan takes the slot, the scan begins without a hint again.
internal sealed class ScanHints
{
    private const int SlotCount = 256;

    private readonly Slot?[] _slots = new Slot[SlotCount];

    internal ScanHint After(byte[]? key, bool reverse) =>
        key is not null
            && Volatile.Read(ref _slots[IndexOf(key)]) is { } slot
            && slot.Reverse == reverse
            && slot.Key.AsSpan().SequenceEqual(key)
            ? slot.Hint
            : ScanHint.None;

    internal void Remember(byte[] key, bool reverse, ScanHint hint) => Volatile.Write(ref _slots[IndexOf(key)], new(key, reverse, hint));

    private static int IndexOf(byte[] key)
    {
        HashCode hash = new();
        hash.AddBytes(key);
        return (int)((uint)hash.ToHashCode() % SlotCount);
    }

    private sealed record Slot(byte[] Key, bool Reverse, ScanHint Hint);
}
