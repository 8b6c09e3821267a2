namespace Rave.Client.Memory;

// Equal to another with the same key.
internal readonly record struct MemoryEntry(byte[] Key, byte[] Value)
{
    internal static readonly IComparer<MemoryEntry> ByKey =
        Comparer<MemoryEntry>.Create((x, y) => x.Key.AsSpan().SequenceCompareTo(y.Key));

    internal int Bytes => Key.Length + Value.Length;
}
