using Google.Protobuf.Collections;
using Rave.Etcd.Cluster;
using Rave.Etcd.Keys;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd.Scans;

// Walks a range in windows. For every answer, etcd looks at all keys of the range that it is asked about, also behind the last one that it
// returns, and sorts and loads all of them where they are wanted in reverse. So a large range is never asked about as a whole: where the
// next entries end is guessed from those before, and in reverse the end of the range is found by counting.
internal sealed class Cursor(EtcdCluster cluster, Keyspace keys, KeyRange range, bool reverse, Moment moment, ScanHint hint)
{
    // As many keys behind a page cost little to look at.
    private const int SmallRange = 20_000;

    // The most entries that are asked for at once: with values, they may be far larger than those before.
    private const int MostEntries = 4_000;
    private const int MostKeys = 10_000;

    // A window of so many times what is wanted of it is sorted by etcd; a larger one is cut.
    private const int LargestWindow = 4;

    // Once some entries are found, the search for a better end goes on for so many steps.
    private const int MostCuts = 24;

    private KeyRange _rest = range;
    private KeySpacing? _spacing = hint.Spacing;
    private int _entries = hint.Entries;

    internal bool WithValues { get; init; } = true;

    internal bool IsAtEnd { get; private set; } = range.IsEmpty;

    internal ScanHint Hint => new(_entries, _spacing);

    // The next entries, in order: at most so many, fewer where they are large. None at the end.
    internal async Task<RepeatedField<KeyValue>> NextAsync(long wanted, int bytes, CancellationToken cancellationToken)
    {
        int limit = (int)Math.Min(wanted, WithValues ? _entries : MostKeys);
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
            _entries = (int)Math.Clamp(bytes / Math.Max(mean, 1), 1, Math.Min(_entries * 10L, MostEntries));
        }

        return entries;
    }

    private async Task<RepeatedField<KeyValue>> ForwardAsync(int limit, CancellationToken cancellationToken)
    {
        byte[]? end = _rest.Start is null ? null : _spacing?.Beyond(_rest.Start, 2L * limit, reverse: false);
        KeyRange window = end is not null && IsWithin(end) ? _rest with { End = end } : _rest;
        RangeResponse response = await AskAsync(window, limit, !WithValues, SortOrder.None, cancellationToken).ConfigureAwait(false);
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
        byte[]? start = _rest.End is null ? null : _spacing?.Beyond(_rest.End, limit + (limit / 2), reverse: true);
        KeyRange window = start is not null && IsWithin(start) ? _rest with { Start = start } : _rest;
        RangeResponse counted = await AskAsync(window, 1, keysOnly: true, SortOrder.None, cancellationToken).ConfigureAwait(false);
        long count = counted.Count;
        if (count > (long)LargestWindow * limit)
        {
            (window, count) = await CutAsync(window, keys.KeyOf(counted.Kvs[0]).ToArray(), limit, cancellationToken).ConfigureAwait(false);
        }

        RepeatedField<KeyValue> entries = count == 0 ? []
            : (await AskAsync(window, limit, !WithValues, SortOrder.Descend, cancellationToken).ConfigureAwait(false)).Kvs;
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

    // The end of the range, with about as many keys as are wanted: fewer, or more, where they are hard to tell apart.
    private async Task<(KeyRange Window, long Count)> CutAsync(KeyRange range, byte[] first, int limit, CancellationToken cancellationToken)
    {
        byte[] low = first;
        byte[] high = range.End ?? KeyRange.EndOfKeys(Math.Max(first.Length, 16));
        (KeyRange Window, long Count) larger = (range, long.MaxValue);
        (KeyRange Window, long Count)? smaller = null;
        for (int step = 0; (smaller is null || step < MostCuts) && KeyRange.Middle(low, high) is { } middle; step++)
        {
            KeyRange half = range with { Start = middle };
            RangeResponse counted = await AskAsync(half, 1, keysOnly: true, SortOrder.None, cancellationToken).ConfigureAwait(false);
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

    // Whether a guess lies inside of what is left.
    private bool IsWithin(byte[] key) => _rest.Contains(key) && (_rest.Start is null || key.AsSpan().SequenceCompareTo(_rest.Start) > 0);

    private async Task<RangeResponse> AskAsync(
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
