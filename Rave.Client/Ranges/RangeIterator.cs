using Rave.Client.Ranges;
using Rave.Server.Storage;

namespace Rave.Client;

/// <summary>
/// An iterator over a range that is moved by calls and can seek. It reads page by page, always after the last entry that it has read, also
/// when the leader changes. Without a snapshot, it sees writes that happen ahead of its position. As a follower, it reads one page ahead.
/// Only one call at a time is allowed.
/// </summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed class RangeIterator<TKey, TValue> : IAsyncDisposable
{
    // The first page is small, because many iterators read little. Each page is larger than the one before.
    private const int FirstPageEntries = 100;
    private const int LargestPageEntries = 4000;

    private readonly AbstractLevel<TKey, TValue> _level;
    private readonly Scan _range;

    // Entries that a call had taken when it failed. The next call returns them.
    private readonly Queue<KeyValuePair<TKey, TValue>> _undelivered = new();
    private Walk _walk;
    private volatile bool _disposed;
    private int _busy;

    internal RangeIterator(AbstractLevel<TKey, TValue> level, Scan scan)
    {
        _level = level;
        _range = scan;
        _walk = WalkOf(scan);
        Limit = scan.Limit == Scan.Unlimited ? null : scan.Limit;
    }

    /// <summary>Gets the number of entries that it has returned.</summary>
    public long Count { get; private set; }

    /// <summary>Gets the maximum number of entries that it returns, or <see langword="null"/> for no limit.</summary>
    public long? Limit { get; }

    /// <summary>Reads the next entry.</summary>
    /// <param name="cancellationToken">Cancels the call. The iterator keeps its position.</param>
    /// <returns>A task that completes with the entry, or <see langword="null"/> at the end.</returns>
    /// <exception cref="RaveException">
    /// <c>LEVEL_ITERATOR_NOT_OPEN</c>: the iterator is disposed, or its database is closed. <c>LEVEL_ITERATOR_BUSY</c>: another call has
    /// not completed. Otherwise as for <see cref="AbstractLevel{TKey, TValue}.GetAsync(TKey, ReadOptions, CancellationToken)"/>.
    /// </exception>
    public async ValueTask<KeyValuePair<TKey, TValue>?> NextAsync(CancellationToken cancellationToken = default)
    {
        using Turn turn = new(this);
        cancellationToken.ThrowIfCancellationRequested();
        if (_undelivered.TryDequeue(out KeyValuePair<TKey, TValue> entry)
            || ((_walk.Ready > 0 || await _walk.FetchAsync(1, cancellationToken).ConfigureAwait(false)) && TryTake(out entry)))
        {
            Count++;
            return entry;
        }

        return null;
    }

    /// <summary>Reads several entries.</summary>
    /// <param name="size">The maximum number of entries. At least 1.</param>
    /// <param name="cancellationToken">Cancels the call. The iterator keeps its position.</param>
    /// <returns>A task that completes with the entries. There are fewer than <paramref name="size"/> only at the end.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1.</exception>
    /// <exception cref="RaveException">As for <see cref="NextAsync"/>.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<TKey, TValue>>> NextManyAsync(int size, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        using Turn turn = new(this);
        cancellationToken.ThrowIfCancellationRequested();
        List<KeyValuePair<TKey, TValue>> entries = [];
        try
        {
            while (entries.Count < size
                && (_undelivered.Count + _walk.Ready > 0
                    || await _walk.FetchAsync(size - entries.Count, cancellationToken).ConfigureAwait(false)))
            {
                Take(entries, size);
            }
        }
        catch
        {
            entries.ForEach(_undelivered.Enqueue);
            throw;
        }

        Count += entries.Count;
        return entries;
    }

    /// <summary>Reads all remaining entries and disposes the iterator.</summary>
    /// <param name="cancellationToken">Cancels the call. The iterator keeps its position and stays open.</param>
    /// <returns>A task that completes with the entries.</returns>
    /// <exception cref="RaveException">As for <see cref="NextAsync"/>.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<TKey, TValue>>> AllAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<KeyValuePair<TKey, TValue>> entries = await NextManyAsync(int.MaxValue, cancellationToken).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
        return entries;
    }

    /// <summary>
    /// Moves the iterator, so that the next entry is the one with this key, or the nearest after it in the direction of the iterator. If
    /// the key is outside the range, the iterator is at its end.
    /// </summary>
    /// <param name="key">The key, before or after the current position.</param>
    /// <exception cref="RaveException">
    /// <c>LEVEL_ITERATOR_NOT_OPEN</c>: the iterator is disposed, or its database is closed. <c>LEVEL_ITERATOR_BUSY</c>: another call has
    /// not completed.
    /// </exception>
    public void Seek(TKey key)
    {
        using Turn turn = new(this);
        Walk walk = WalkOf(_level.SeekIn(_range, key) with { Limit = Limit - Count ?? Scan.Unlimited });
        _undelivered.Clear();
        _walk.Dispose();
        _walk = walk;
    }

    /// <summary>Closes the iterator. It can be called more than once.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        EndWhenFree();
        return default;
    }

    private Walk WalkOf(Scan scan) => new(() => _level.Database, scan, FirstPageEntries, LargestPageEntries);

    private void Take(List<KeyValuePair<TKey, TValue>> entries, int size)
    {
        entries.EnsureCapacity((int)Math.Min(size, entries.Count + (long)_undelivered.Count + _walk.Ready));
        while (entries.Count < size && (_undelivered.TryDequeue(out KeyValuePair<TKey, TValue> entry) || TryTake(out entry)))
        {
            entries.Add(entry);
        }
    }

    private bool TryTake(out KeyValuePair<TKey, TValue> entry)
    {
        bool taken = _walk.TryTake(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
        entry = taken ? _level.Decode(key, value) : default;
        return taken;
    }

    // The disposal returns the page, or the call that is running then, when it ends.
    private void EndWhenFree()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 0)
        {
            _undelivered.Clear();
            _walk.Dispose();
        }
    }

    // A running call. Its end frees the iterator for the next one.
    private readonly struct Turn : IDisposable
    {
        private readonly RangeIterator<TKey, TValue> _iterator;

        internal Turn(RangeIterator<TKey, TValue> iterator)
        {
            ThrowIfDisposed(iterator);

            if (iterator._level.Database.IsClosed)
            {
                // Entries that are fetched already are not returned either.
                throw new RaveException(ErrorCodes.IteratorNotOpen, "The database of the iterator is closed.");
            }

            if (Interlocked.Exchange(ref iterator._busy, 1) != 0)
            {
                // The disposal marks it as busy too.
                ThrowIfDisposed(iterator);
                throw new RaveException(ErrorCodes.IteratorBusy, "Another call of the iterator has not completed. Await it first.");
            }

            _iterator = iterator;
        }

        public void Dispose()
        {
            // A full fence: this or a simultaneous disposal, whichever is later, sees the other.
            Interlocked.Exchange(ref _iterator._busy, 0);
            if (_iterator._disposed)
            {
                _iterator.EndWhenFree();
            }
        }

        private static void ThrowIfDisposed(RangeIterator<TKey, TValue> iterator)
        {
            if (iterator._disposed)
            {
                throw new RaveException(ErrorCodes.IteratorNotOpen, "The iterator is disposed.");
            }
        }
    }
}
