namespace Rave.Server.Storage;

// One change, as a subscriber reads it. The spans are good until the next one is read.
internal readonly ref struct Change
{
    internal required ChangeType Type { get; init; }

    // The first key of a range that was cleared.
    internal ReadOnlySpan<byte> Key { get; init; }

    // The last key of a range that was cleared.
    internal ReadOnlySpan<byte> Value { get; init; }

    // Behind it.
    internal FeedPlace Place { get; init; }

    // Whether nothing more of its batch follows.
    internal bool IsLast { get; init; }

    internal bool Touches(KeyRange range) => Type == ChangeType.Clear
        ? (range.End is null || Key.SequenceCompareTo(range.End) < 0) && (range.Start is null || Value.SequenceCompareTo(range.Start) >= 0)
        : range.Contains(Key);
}
