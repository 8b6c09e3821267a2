using Rave.Client.Sequences;
using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    // Entries fetched at once: enough that a round trip to the leader hardly counts.
    private const int PageEntries = 500;

    /// <summary>
    /// Walks a range. Not a snapshot: it reads page by page and goes on strictly after the last key delivered, also when the leader changes meanwhile,
    /// so no key is skipped or repeated, and entries written behind it are not seen. While another process leads it reads a page ahead: what is written
    /// less than two pages before it may not be seen either.
    /// </summary>
    /// <param name="range">Which entries; without it all of them.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>The entries in order.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>, while it is enumerated.</exception>
    public IAsyncEnumerable<KeyValuePair<TKey, TValue>> Iterate(RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default) =>
        Walk(range, withValues: true, Decode, cancellationToken);

    /// <summary>A position in a range that one moves by hand, for reading in portions and seeking; <see cref="Iterate"/> is simpler.</summary>
    /// <param name="range">Which entries; without it all of them.</param>
    /// <returns>The iterator, before the first entry.</returns>
    public RangeIterator<TKey, TValue> Iterator(RangeOptions<TKey>? range = null) => new(this, ToScan(range));

    /// <summary>Walks the keys of a range; as <see cref="Iterate"/>, and the values stay where they are.</summary>
    /// <param name="range">Which entries; without it all of them.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>The keys in order.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>, while it is enumerated.</exception>
    public IAsyncEnumerable<TKey> Keys(RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default) =>
        Walk(range, withValues: false, (key, _) => DecodeKey(key), cancellationToken);

    /// <summary>Walks the values of a range in the order of their keys; as <see cref="Iterate"/>.</summary>
    /// <param name="range">Which entries; without it all of them.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>The values.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>, while it is enumerated.</exception>
    public IAsyncEnumerable<TValue> Values(RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default) =>
        // With keys: a value that cannot be decoded is reported by its key.
        Walk(range, withValues: true, (key, value) => DecodeValue(value, key), cancellationToken);

    /// <summary>Counts the entries of a range, as of one moment.</summary>
    /// <param name="range">Which entries; without it all of them. Its limit and direction do not matter.</param>
    /// <param name="cancellationToken">Stops counting.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public async ValueTask<long> CountAsync(RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("count", Database);
        try
        {
            return await Database.Store.CountAsync(ToScan(range).Bounds, range?.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private Sequence<T> Walk<T>(RangeOptions<TKey>? range, bool withValues, EntryDecoder<T> decode, CancellationToken cancellationToken) => new(
        () => new WalkedItems<T>(new(() => Database, ToScan(range) with { Values = withValues }, PageEntries, PageEntries), PageEntries, decode),
        cancellationToken);

    // A level's own range: its bounds behind its prefix, and where there is none, the prefix's own.
    private Scan ToScan(RangeOptions<TKey>? range)
    {
        range ??= new();
        long limit = range.Limit ?? Scan.Unlimited;
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, Scan.Unlimited, nameof(range.Limit));
        return new()
        {
            Bounds = new(
                ToBytes(range.Gt), ToBytes(range.Gte), ToBytes(range.Lt), ToBytes(range.Lte),
                ToBytes(range.Prefix) ?? (PrefixBytes.Length > 0 ? PrefixBytes : null)),
            Reverse = range.Reverse,
            Limit = limit,
            Snapshot = range.Snapshot?.IdFor(Database),
        };
    }

    internal KeyValuePair<TKey, TValue> Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => new(DecodeKey(key), DecodeValue(value, key));

    // The same scan from a key on. A key outside its range leaves nothing of it.
    internal Scan SeekIn(Scan scan, TKey key)
    {
        byte[] target = EncodeKey(key);
        KeyRange range = scan.Bounds.ToRange();
        KeyRange rest = !range.Contains(target) ? new(target, target)
            : scan.Reverse ? range with { End = KeyRange.Successor(target) }
            : range with { Start = target };
        return scan with { Bounds = new(Gte: rest.Start, Lt: rest.End) };
    }

    private byte[]? ToBytes(Bound<TKey> bound) => bound.IsSet ? EncodeKey(bound.Key!) : null;
}
