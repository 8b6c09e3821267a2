namespace Rave.Server.Storage;

// Keys from Start (inclusive, null: the first) to End (exclusive, null: the last). Every range is this, once its bounds are worked out.
internal readonly record struct KeyRange(byte[]? Start, byte[]? End)
{
    internal bool IsEmpty => Start is not null && End is not null && Start.AsSpan().SequenceCompareTo(End) >= 0;

    internal static byte[] Successor(ReadOnlySpan<byte> key)
    {
        byte[] next = new byte[key.Length + 1];
        key.CopyTo(next);
        return next;
    }

    internal static KeyRange OfPrefix(ReadOnlySpan<byte> prefix)
    {
        // The first key behind a prefix is the prefix with its last byte counted up; 0xff carries over and is dropped.
        ReadOnlySpan<byte> head = prefix.TrimEnd((byte)0xff);
        if (head.IsEmpty)
        {
            return new(prefix.ToArray(), null);
        }

        byte[] end = head.ToArray();
        end[^1]++;
        return new(prefix.ToArray(), end);
    }

    internal bool Contains(ReadOnlySpan<byte> key) =>
        (Start is null || key.SequenceCompareTo(Start) >= 0) && (End is null || key.SequenceCompareTo(End) < 0);

    internal KeyRange Intersect(KeyRange other) => new(Later(Start, other.Start), Earlier(End, other.End));

    // What is left of the range once everything up to and including this key has been seen.
    internal KeyRange Resume(ReadOnlySpan<byte> lastKey, bool reverse) =>
        reverse ? this with { End = lastKey.ToArray() } : this with { Start = Successor(lastKey) };

    private static byte[]? Later(byte[]? a, byte[]? b) =>
        a is null ? b : b is null || a.AsSpan().SequenceCompareTo(b) >= 0 ? a : b;

    private static byte[]? Earlier(byte[]? a, byte[]? b) =>
        a is null ? b : b is null || a.AsSpan().SequenceCompareTo(b) <= 0 ? a : b;
}
