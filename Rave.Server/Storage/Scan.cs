namespace Rave.Server.Storage;

// What is asked of a scan, and how far it has come. Immutable: a page answers with the scan that goes on after it.
internal sealed record Scan
{
    internal const long Unlimited = -1;

    internal RangeBounds Bounds { get; init; } = RangeBounds.All;

    internal bool Reverse { get; init; }

    // Entries still to come, or Unlimited.
    internal long Limit { get; init; } = Unlimited;

    internal bool Keys { get; init; } = true;

    internal bool Values { get; init; } = true;

    internal bool ETags { get; init; }

    // Whether values are read at all.
    internal bool NeedsValues => Values || ETags;

    // Whether a page has keys: it says by them which value cannot be shown.
    internal bool NeedsKeys => Keys || NeedsValues;

    // The id of the snapshot that it reads from, null for what is stored now.
    internal string? Snapshot { get; init; }

    // The last key delivered: the scan goes on strictly after it, before it in reverse.
    internal byte[]? LastKey { get; init; }

    internal KeyRange Remaining => LastKey is null ? Bounds.ToRange() : Bounds.ToRange().Resume(LastKey, Reverse);

    // What is left once this many entries up to and including the key have been delivered.
    internal Scan After(ReadOnlySpan<byte> lastKey, int delivered) =>
        this with { LastKey = lastKey.ToArray(), Limit = Limit == Unlimited ? Unlimited : Limit - delivered };
}
