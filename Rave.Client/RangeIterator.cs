using Rave.Client.Failover;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Client;

/// <summary>
/// A position in a range that one moves by hand. Not a snapshot unless it reads from one: entries are fetched page by page, strictly after the last one
/// fetched, from whoever leads. One call at a time.
/// </summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public sealed class RangeIterator<TKey, TValue> : IAsyncDisposable
{
    // A first page is small, for many iterators read little; each further one is larger.
    private const int FirstPageEntries = 100;
    private const int LargestPageEntries = 4000;

    private readonly AbstractLevel<TKey, TValue> _level;
    private readonly Queue<KeyValuePair<byte[], byte[]>> _fetched = new();
    private readonly Scan _range;
    private Scan _scan;
    private string? _continuation;
    private int _pageEntries = FirstPageEntries;
    private bool _started;
    private bool _disposed;
    private int _busy;

    internal RangeIterator(AbstractLevel<TKey, TValue> level, Scan scan)
    {
        _level = level;
        _range = scan;
        _scan = scan;
        Limit = scan.Limit;
    }

    /// <summary>How many entries it has delivered.</summary>
    public long Count { get; private set; }

    /// <summary>How many it delivers at most; -1 for all of the range.</summary>
    public long Limit { get; }

    /// <summary>Moves to the next entry.</summary>
    /// <param name="cancellationToken">Gives up waiting; the iterator stays where it was.</param>
    /// <returns>The entry, or <see langword="null"/> at the end.</returns>
    /// <exception cref="RaveException"><c>LEVEL_ITERATOR_NOT_OPEN</c> once it or its database is closed, <c>LEVEL_ITERATOR_BUSY</c> during another call; otherwise as of reads.</exception>
    public async ValueTask<KeyValuePair<TKey, TValue>?> NextAsync(CancellationToken cancellationToken = default)
    {
        using Turn turn = new(this);
        return await FetchAsync(cancellationToken).ConfigureAwait(false) ? Take() : null;
    }

    /// <summary>Moves over several entries.</summary>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellationToken">Gives up waiting; the iterator stays where it was.</param>
    /// <returns>The entries; fewer than asked for only at the end, none once it is reached.</returns>
    /// <exception cref="RaveException">As of <see cref="NextAsync"/>.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<TKey, TValue>>> NextManyAsync(int size, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        using Turn turn = new(this);
        List<KeyValuePair<TKey, TValue>> entries = [];
        while (entries.Count < size && await FetchAsync(cancellationToken).ConfigureAwait(false))
        {
            entries.Add(Take());
        }

        return entries;
    }

    /// <summary>Moves over everything that is left, and disposes the iterator.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
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
        _scan = _level.SeekIn(_range, key) with { Limit = Limit == Scan.Unlimited ? Scan.Unlimited : Limit - Count };
        _fetched.Clear();
        _continuation = null;
        _started = false;
    }

    /// <summary>Ends it. Can be called again.</summary>
    /// <returns>At once.</returns>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return default;
    }

    // Whether there is an entry to take.
    private async ValueTask<bool> FetchAsync(CancellationToken cancellationToken)
    {
        while (_fetched.Count == 0 && (!_started || _continuation is not null))
        {
            Page page = await _level.ReadPageAsync(_scan, _continuation, _pageEntries, cancellationToken).ConfigureAwait(false);
            _started = true;
            _continuation = page.Continuation;
            _pageEntries = Math.Min(_pageEntries * 2, LargestPageEntries);
            foreach (KeyValuePair<byte[], byte[]> entry in page.Entries)
            {
                _fetched.Enqueue(entry);
            }
        }

        return _fetched.Count > 0;
    }

    private KeyValuePair<TKey, TValue> Take()
    {
        (byte[] key, byte[] value) = _fetched.Dequeue();
        Count++;
        return _level.Decode(key, value);
    }

    // One call at a time: its end frees the iterator for the next.
    private readonly struct Turn : IDisposable
    {
        private readonly RangeIterator<TKey, TValue> _iterator;

        internal Turn(RangeIterator<TKey, TValue> iterator)
        {
            if (iterator._disposed)
            {
                throw new RaveException(ErrorCodes.IteratorNotOpen, "The iterator was disposed.");
            }

            if (iterator._level.Database.IsClosed)
            {
                // What it has fetched already is not delivered either.
                throw new RaveException(ErrorCodes.IteratorNotOpen, "The iterator was closed with its database.");
            }

            if (Interlocked.Exchange(ref iterator._busy, 1) != 0)
            {
                throw new RaveException(ErrorCodes.IteratorBusy, "The iterator is in another call; await that first.");
            }

            _iterator = iterator;
        }

        public void Dispose() => Volatile.Write(ref _iterator._busy, 0);
    }
}
