using Rave.Client.Ranges;
using Rave.Server.Storage;

namespace Rave.Client;

/// <summary>
/// A position in a range that one moves by hand. Not a snapshot unless it reads from one: entries are fetched page by page, strictly after the last one
/// fetched, from whoever leads; while that is another process, a page ahead. One call at a time.
/// </summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public sealed class RangeIterator<TKey, TValue> : IAsyncDisposable
{
    // A first page is small, for many iterators read little; each further one is larger.
    private const int FirstPageEntries = 100;
    private const int LargestPageEntries = 4000;

    private readonly AbstractLevel<TKey, TValue> _level;
    private readonly Scan _range;

    // Taken by a call that failed before it could deliver them.
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

    /// <summary>How many entries it has delivered.</summary>
    public long Count { get; private set; }

    /// <summary>How many it delivers at most; <see langword="null"/> for all of the range.</summary>
    public long? Limit { get; }

    /// <summary>Moves to the next entry.</summary>
    /// <param name="cancellationToken">Gives up waiting; the iterator stays where it was.</param>
    /// <returns>The entry, or <see langword="null"/> at the end.</returns>
    /// <exception cref="RaveException"><c>LEVEL_ITERATOR_NOT_OPEN</c> once it or its database is closed, <c>LEVEL_ITERATOR_BUSY</c> during another call; otherwise as of reads.</exception>
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

    /// <summary>Moves over several entries.</summary>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellationToken">Gives up waiting; the iterator stays where it was.</param>
    /// <returns>The entries; fewer than asked for only at the end, none once it is reached.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    /// <exception cref="RaveException">As of <see cref="NextAsync"/>.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<TKey, TValue>>> NextManyAsync(int size, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        using Turn turn = new(this);
        cancellationToken.ThrowIfCancellationRequested();
        List<KeyValuePair<TKey, TValue>> entries = [];
        try
        {
            while (entries.Count < size && (_undelivered.Count + _walk.Ready > 0 || await _walk.FetchAsync(size - entries.Count, cancellationToken).ConfigureAwait(false)))
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

    /// <summary>Moves over everything that is left, and disposes the iterator.</summary>
    /// <param name="cancellationToken">Gives up waiting; the iterator stays where it was, and open.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="RaveException">As of <see cref="NextAsync"/>.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<TKey, TValue>>> AllAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<KeyValuePair<TKey, TValue>> entries = await NextManyAsync(int.MaxValue, cancellationToken).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
        return entries;
    }

    /// <summary>Jumps to a key, or the nearest behind it in the direction of the iterator. Outside the range, the iterator is at its end.</summary>
    /// <param name="key">Where to go on, forwards or backwards.</param>
    /// <exception cref="RaveException"><c>LEVEL_ITERATOR_NOT_OPEN</c> once it or its database is closed, <c>LEVEL_ITERATOR_BUSY</c> during another call.</exception>
    public void Seek(TKey key)
    {
        using Turn turn = new(this);
        Walk walk = WalkOf(_level.SeekIn(_range, key) with { Limit = Limit - Count ?? Scan.Unlimited });
        _undelivered.Clear();
        _walk.Dispose();
        _walk = walk;
    }

    /// <summary>Ends it. Can be called again.</summary>
    /// <returns>At once.</returns>
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

    // Its page is given back by who disposes it, or by the call that is under way then, when that ends.
    private void EndWhenFree()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 0)
        {
            _undelivered.Clear();
            _walk.Dispose();
        }
    }

    // One call at a time: its end frees the iterator for the next.
    private readonly struct Turn : IDisposable
    {
        private readonly RangeIterator<TKey, TValue> _iterator;

        internal Turn(RangeIterator<TKey, TValue> iterator)
        {
            ThrowIfDisposed(iterator);

            if (iterator._level.Database.IsClosed)
            {
                // What it has fetched already is not delivered either.
                throw new RaveException(ErrorCodes.IteratorNotOpen, "The iterator was closed with its database.");
            }

            if (Interlocked.Exchange(ref iterator._busy, 1) != 0)
            {
                // Its disposal takes a turn too.
                ThrowIfDisposed(iterator);
                throw new RaveException(ErrorCodes.IteratorBusy, "The iterator is in another call; await that first.");
            }

            _iterator = iterator;
        }

        public void Dispose()
        {
            // With a fence: whichever of the two comes later, this or a disposal, sees the other.
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
                throw new RaveException(ErrorCodes.IteratorNotOpen, "The iterator was disposed.");
            }
        }
    }
}
