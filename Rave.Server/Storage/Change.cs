namespace Rave.Server.Storage;

// One change, as a subscriber reads it. The spans are valid until the next one is read.
internal readonly ref struct Change
{
    internal required ChangeType Type { get; init; }

    // For a clear, the first key of the range.
    internal ReadOnlySpan<byte> Key { get; init; }

    // For a clear, the last key of the range.
    internal ReadOnlySpan<byte> Value { get; init; }

    // After this change.
    internal FeedPlace Place { get; init; }

    // Whether it is the last one of its batch.
    internal bool IsLast { get; init; }

    internal bool Touches(KeyRange range) => Type == ChangeType.Clear
        ? range.BeginsAtOrBefore(Value) && range.EndsAfter(Key)
        : range.Contains(Key);
}
