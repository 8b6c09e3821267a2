namespace Rave.Server.Storage;

// The request of a scan, and its progress. Immutable: a page has the scan that continues after it.
internal sealed record Scan
{
    internal const long Unlimited = -1;

    internal RangeBounds Bounds { get; init; } = RangeBounds.All;

    internal bool Reverse { get; init; }

    // The number of entries still to deliver, or Unlimited.
    internal long Limit { get; init; } = Unlimited;

    internal bool Keys { get; init; } = true;

    internal bool Values { get; init; } = true;

    internal bool ETags { get; init; }

    internal bool NeedsValues => Values || ETags;

    // Values need keys too: an error about a value names its key.
    internal bool NeedsKeys => Keys || NeedsValues;

    // The id of the snapshot to read from, or null.
    internal string? Snapshot { get; init; }

    // The last key that was delivered. The scan continues after it, in reverse before it.
    internal byte[]? LastKey { get; init; }

    internal KeyRange Remaining => LastKey is null ? Bounds.ToRange() : Bounds.ToRange().Resume(LastKey, Reverse);

    // The scan after so many delivered entries, of which this key is the last.
    internal Scan After(ReadOnlySpan<byte> lastKey, int delivered) =>
        Without(delivered) with { LastKey = lastKey.ToArray() };

    // With so many entries less to deliver.
    internal Scan Without(long entries) => Limit == Unlimited ? this : this with { Limit = Limit - entries };
}
