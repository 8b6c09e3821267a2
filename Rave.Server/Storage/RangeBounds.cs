namespace Rave.Server.Storage;

// The bounds that a caller gave. If both of a pair are given, the inclusive one wins.
internal sealed record RangeBounds(byte[]? Gt = null, byte[]? Gte = null, byte[]? Lt = null, byte[]? Lte = null, byte[]? Prefix = null)
{
    internal static readonly RangeBounds All = new();

    internal bool IsAll => Gt is null && Gte is null && Lt is null && Lte is null && Prefix is not { Length: > 0 };

    internal KeyRange ToRange()
    {
        // The successor of a key is the key with a zero byte appended: no key lies between them.
        byte[]? start = Gte ?? (Gt is null ? null : KeyRange.Successor(Gt));
        byte[]? end = Lte is null ? Lt : KeyRange.Successor(Lte);
        KeyRange range = new(start, end);
        return Prefix is { Length: > 0 } ? range.Intersect(KeyRange.OfPrefix(Prefix)) : range;
    }
}
