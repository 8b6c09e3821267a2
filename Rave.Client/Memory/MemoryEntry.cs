namespace Rave.Client.Memory;

// Entries are compared by key alone.
internal readonly record struct MemoryEntry(byte[] Key, byte[] Value)
{
    internal static readonly IComparer<MemoryEntry> ByKey =
        Comparer<MemoryEntry>.Create((x, y) => x.Key.AsSpan().SequenceCompareTo(y.Key));

    internal int Bytes => Key.Length + Value.Length;
}
