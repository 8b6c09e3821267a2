using Rave.Client.Sequences;
using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    // Entries in a page: so many that the round trip to the leader hardly matters.
    private const int PageEntries = 500;

    /// <summary>
    /// Enumerates the entries of a range in order of their keys. It reads page by page and always continues after the last key, also when
    /// the leader changes. So it skips no key and repeats no key.
    /// </summary>
    /// <remarks>
    /// Without a snapshot, it sees writes that happen ahead of its position. As a follower, it reads one page ahead, so it may miss writes
    /// less than two pages ahead.
    /// </remarks>
    /// <param name="range">The range, or <see langword="null"/> for all entries.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="RaveException">During enumeration, as for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public IAsyncEnumerable<KeyValuePair<TKey, TValue>> Iterate(
        RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default) =>
        Walk(range, withValues: true, Decode, cancellationToken);

    /// <summary>Creates an iterator that is moved by calls and can seek. <see cref="Iterate"/> is simpler.</summary>
    /// <param name="range">The range, or <see langword="null"/> for all entries.</param>
    /// <returns>The iterator, before the first entry.</returns>
    public RangeIterator<TKey, TValue> Iterator(RangeOptions<TKey>? range = null) => new(this, ToScan(range));

    /// <summary>Enumerates the keys of a range in order, without reading values. Otherwise as for <see cref="Iterate"/>.</summary>
    /// <param name="range">The range, or <see langword="null"/> for all entries.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="RaveException">During enumeration, as for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public IAsyncEnumerable<TKey> Keys(RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default) =>
        Walk(range, withValues: false, (key, _) => DecodeKey(key), cancellationToken);

    /// <summary>Enumerates the values of a range in order of their keys. Otherwise as for <see cref="Iterate"/>.</summary>
    /// <param name="range">The range, or <see langword="null"/> for all entries.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <returns>The values.</returns>
    /// <exception cref="RaveException">During enumeration, as for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public IAsyncEnumerable<TValue> Values(RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default) =>
        // With keys, because the error for a value that cannot be decoded names its key.
        Walk(range, withValues: true, (key, value) => DecodeValue(value, key), cancellationToken);

    /// <summary>Counts the entries of a range at one moment.</summary>
    /// <param name="range">The range, or <see langword="null"/> for all entries. Its limit and direction are ignored.</param>
    /// <param name="cancellationToken">Cancels the count.</param>
    /// <returns>A task that completes with the number of entries.</returns>
    /// <exception cref="RaveException">As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public async ValueTask<long> CountAsync(RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("count", Database);
        try
        {
            return await Database.Store
                .CountAsync(ToScan(range).Bounds, range?.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private Sequence<T> Walk<T>(
        RangeOptions<TKey>? range, bool withValues, EntryDecoder<T> decode, CancellationToken cancellationToken) => new(
        () => new WalkedItems<T>(
            new(() => Database, ToScan(range) with { Values = withValues }, PageEntries, PageEntries), PageEntries, decode),
        cancellationToken);

    // The range in the database: the bounds have the prefix of this level. Without bounds, the range of the prefix limits it.
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

    internal KeyValuePair<TKey, TValue> Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        new(DecodeKey(key), DecodeValue(value, key));

    // The same scan, starting at a key. If the key is outside the range, the scan is empty.
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
