using Google.Protobuf.Collections;
using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd.Scans;

// Reads a range in windows. For each request, etcd looks at all keys of the requested range, also after the last one that it returns. In
// reverse, it sorts and loads all of them. So a large range is never requested as a whole. The size of the next window is estimated from
// the entries before. In reverse, the last entries of the range are found by counting.
internal sealed class Cursor(EtcdCluster cluster, Keyspace keys, KeyRange range, bool reverse, Moment moment, ScanHint hint)
{
    // etcd looks at this many keys after a page in little time.
    private const int SmallRange = 20_000;

    // The limits of a request. With values, the next entries can be much larger than those before.
    private const int MaxEntries = 4_000;
    private const int MaxKeys = 10_000;

    // A window may have this many times the wanted keys. A larger one is shrunk before etcd sorts it.
    private const int LargestWindow = 4;

    // The steps to search for a better window when one with too few keys is known.
    private const int MaxShrinkSteps = 24;

    private KeyRange _rest = range;
    private KeySpacing? _spacing = hint.Spacing;
    private int _entries = hint.Entries;

    internal bool WithValues { get; init; } = true;

    internal bool IsAtEnd { get; private set; } = range.IsEmpty;

    internal ScanHint Hint => new(_entries, _spacing);

    // Returns the next entries in order: fewer than wanted if they are large, none at the end.
    internal async Task<RepeatedField<KeyValue>> NextAsync(long wanted, int bytes, CancellationToken cancellationToken)
    {
        int limit = (int)Math.Min(wanted, WithValues ? _entries : MaxKeys);
        RepeatedField<KeyValue> entries = [];
        while (entries.Count == 0 && !IsAtEnd)
        {
            entries = reverse
                ? await BackwardAsync(limit, cancellationToken).ConfigureAwait(false)
                : await ForwardAsync(limit, cancellationToken).ConfigureAwait(false);
        }

        if (WithValues && entries.Count > 0)
        {
            long mean = entries.Sum(entry => (long)entry.Key.Length + entry.Value.Length) / entries.Count;
            _entries = (int)Math.Clamp(bytes / Math.Max(mean, 1), 1, Math.Min(_entries * 10L, MaxEntries));
        }

        return entries;
    }

    private async Task<RepeatedField<KeyValue>> ForwardAsync(int limit, CancellationToken cancellationToken)
    {
        byte[]? end = _rest.Start is null ? null : _spacing?.KeyAfter(_rest.Start, 2L * limit, reverse: false);
        KeyRange window = end is not null && IsWithin(end) ? _rest with { End = end } : _rest;
        RangeResponse response = await ReadAsync(window, limit, !WithValues, SortOrder.None, cancellationToken).ConfigureAwait(false);
        if (response.Kvs.Count == limit)
        {
            byte[] last = keys.KeyOf(response.Kvs[^1]).ToArray();
            _spacing = window == _rest && response.Count <= SmallRange
                ? null
                : KeySpacing.Of(keys.KeyOf(response.Kvs[0]), last, response.Kvs.Count);
            _rest = _rest.Resume(last, reverse: false);
        }
        else if (window.End == _rest.End)
        {
            IsAtEnd = true;
        }
        else
        {
            _spacing = KeySpacing.Of(window.Start, window.End, response.Count) ?? _spacing!.Wider();
            _rest = _rest with { Start = window.End };
        }

        return response.Kvs;
    }

    private async Task<RepeatedField<KeyValue>> BackwardAsync(int limit, CancellationToken cancellationToken)
    {
        byte[]? start = _rest.End is null ? null : _spacing?.KeyAfter(_rest.End, limit + (limit / 2), reverse: true);
        KeyRange window = start is not null && IsWithin(start) ? _rest with { Start = start } : _rest;
        RangeResponse counted = await ReadAsync(window, 1, keysOnly: true, SortOrder.None, cancellationToken).ConfigureAwait(false);
        long count = counted.Count;
        if (count > (long)LargestWindow * limit)
        {
            byte[] first = keys.KeyOf(counted.Kvs[0]).ToArray();
            (window, count) = await ShrinkAsync(window, first, limit, cancellationToken).ConfigureAwait(false);
        }

        RepeatedField<KeyValue> entries = count == 0 ? []
            : (await ReadAsync(window, limit, !WithValues, SortOrder.Descend, cancellationToken).ConfigureAwait(false)).Kvs;
        if (count > limit)
        {
            byte[] last = keys.KeyOf(entries[^1]).ToArray();
            _spacing = KeySpacing.Of(last, keys.KeyOf(entries[0]), entries.Count);
            _rest = _rest.Resume(last, reverse: true);
        }
        else if (window.Start == _rest.Start)
        {
            IsAtEnd = true;
        }
        else
        {
            _spacing = KeySpacing.Of(window.Start, window.End ?? keys.KeyOf(entries[0]), count) ?? _spacing?.Wider();
            _rest = _rest with { End = window.Start };
        }

        return entries;
    }

    // Returns the last part of the range, with about as many keys as wanted. It has fewer or more if the keys have a long common prefix.
    private async Task<(KeyRange Window, long Count)> ShrinkAsync(
        KeyRange range, byte[] first, int limit, CancellationToken cancellationToken)
    {
        byte[] low = first;
        byte[] high = range.End ?? KeyRange.EndOfKeys(Math.Max(first.Length, 16));
        (KeyRange Window, long Count) larger = (range, long.MaxValue);
        (KeyRange Window, long Count)? smaller = null;
        for (int step = 0; (smaller is null || step < MaxShrinkSteps) && KeyRange.Middle(low, high) is { } middle; step++)
        {
            KeyRange half = range with { Start = middle };
            RangeResponse counted = await ReadAsync(half, 1, keysOnly: true, SortOrder.None, cancellationToken).ConfigureAwait(false);
            if (counted.Count > (long)LargestWindow * limit)
            {
                larger = (half, counted.Count);
                low = keys.KeyOf(counted.Kvs[0]).ToArray();
            }
            else if (counted.Count >= limit)
            {
                return (half, counted.Count);
            }
            else
            {
                smaller = counted.Count > 0 ? (half, counted.Count) : smaller;
                high = middle;
            }
        }

        return smaller ?? larger;
    }

    // Whether an estimated bound is inside the remaining range.
    private bool IsWithin(byte[] key) => _rest.Contains(key) && (_rest.Start is null || key.AsSpan().SequenceCompareTo(_rest.Start) > 0);

    private async Task<RangeResponse> ReadAsync(
        KeyRange window, int limit, bool keysOnly, SortOrder order, CancellationToken cancellationToken)
    {
        RangeRequest request = keys.Range(window);
        request.Limit = limit;
        request.KeysOnly = keysOnly;
        request.SortOrder = order;
        request.Revision = moment.Revision;
        RangeResponse response = await cluster.RangeAsync(request, cancellationToken).ConfigureAwait(false);
        moment.Found(response.Header.Revision);
        return response;
    }
}
