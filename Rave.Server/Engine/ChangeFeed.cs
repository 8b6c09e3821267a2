using Rave.Server.Storage;

namespace Rave.Server.Engine;

// All writes in the order in which they were applied, for subscribers. It is off, and costs nothing, until the first one subscribes.
// Then it keeps a tail of the newest batches. A subscriber is a position in the tail; one that falls behind gets a gap.
internal sealed class ChangeFeed(int limit) : IDisposable
{
    // A subscriber may be away or behind for some seconds of heavy writing and misses nothing.
    // The newest batch is always kept, whatever its size.
    internal const long TailBytes = 16 << 20;

    // A power of two: about as many of the smallest batches as fit into those bytes.
    internal const int TailBatches = 1 << 16;

    private readonly Lock _gate = new();

    // Used by the writer alone: what it is about to write.
    private readonly List<ChangeBatch> _recorded = [];
    private bool _opening;

    // The batch with sequence n is at n modulo the length.
    private ChangeBatch?[] _tail = [];
    private long _oldest = 1;
    private long _newest;
    private long _bytes;
    private TaskCompletionSource? _news;
    private int _subscribers;
    private bool _closed;
    private volatile bool _isOn;

    internal bool IsOn => _isOn;

    internal int Subscribers => Volatile.Read(ref _subscribers);

    // The sequence of the last batch applied; null while the feed is off.
    internal long? Newest
    {
        get
        {
            lock (_gate)
            {
                return _isOn ? _newest : null;
            }
        }
    }

    // The one writer calls this before it writes.
    internal void Record(StoreBatch batch)
    {
        _opening |= batch.OpensFeed;
        if (_isOn)
        {
            Remember(batch);
        }
    }

    // The one writer calls this when the recorded batches are applied.
    internal void Publish()
    {
        if (!_isOn && !_opening)
        {
            return;
        }

        TaskCompletionSource? news;
        lock (_gate)
        {
            if (_opening && !_isOn)
            {
                // All earlier writes are applied, and all later ones are recorded.
                _tail = new ChangeBatch[TailBatches];
                _isOn = true;
            }

            _opening = false;
            _recorded.ForEach(Append);
            _recorded.Clear();
            news = _news;
            _news = null;
        }

        news?.TrySetResult();
    }

    // The one writer calls this for a batch that it has applied.
    internal void Publish(ChangeBatch batch)
    {
        if (_isOn)
        {
            _recorded.Add(batch);
            Publish();
        }
    }

    // The one writer calls this. All later writes are published.
    internal void Enable()
    {
        _opening = true;
        Publish();
    }

    // The one writer calls this when the recorded batches have failed.
    internal void Discard()
    {
        _recorded.Clear();
        _opening = false;
    }

    // From now on, or from an earlier place if the tail still has it.
    internal ChangeSubscription Subscribe(KeyRange range, FeedPlace? after, long epoch)
    {
        lock (_gate)
        {
            if (_subscribers == limit)
            {
                throw new RaveException(
                    ErrorCodes.TooMany, $"{limit} subscribers are connected, which is the limit. Close one, or try again later.");
            }

            _subscribers++;
            ChangePosition position = after?.In(epoch) ?? End();
            return new(this, epoch, range, TailHas(position) ? position : null);
        }
    }

    internal void Unsubscribe()
    {
        lock (_gate)
        {
            _subscribers--;
        }
    }

    // After all changes so far.
    internal ChangePosition EndPosition()
    {
        lock (_gate)
        {
            return End();
        }
    }

    // False if there is no such batch yet. The batch is null if the tail has dropped it.
    internal bool TryGet(long sequence, out ChangeBatch? batch)
    {
        lock (_gate)
        {
            batch = sequence >= _oldest && sequence <= _newest ? At(sequence) : null;
            return _closed ? throw StoreFailures.NotOpen() : sequence <= _newest;
        }
    }

    // Completes when this batch is published, or when the feed is closed.
    internal Task WaitAsync(long sequence)
    {
        lock (_gate)
        {
            return sequence <= _newest || _closed
                ? Task.CompletedTask
                : (_news ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    // Ends the subscriptions.
    public void Dispose()
    {
        TaskCompletionSource? news;
        lock (_gate)
        {
            _closed = true;
            news = _news;
        }

        news?.TrySetResult();
    }

    private void Remember(StoreBatch batch)
    {
        try
        {
            ChangeBatch? changes = ChangeRecorder.Record(batch, putMeanwhile: (from, to) => PutSince(batch.ClearPosition!.Value, from, to));
            if (changes is not null)
            {
                _recorded.Add(changes);
            }
        }
        catch (OutOfMemoryException cause)
        {
            Discard();
            throw new RaveException(
                ErrorCodes.Overloaded, "Nothing was written: there is not enough memory for the change feed. Try again later.", cause);
        }
    }

    private void Append(ChangeBatch batch)
    {
        _newest++;
        _tail[_newest % TailBatches] = batch;
        _bytes += batch.MemoryBytes;
        while (_oldest < _newest && (_bytes > TailBytes || _newest - _oldest >= TailBatches - 1))
        {
            _bytes -= At(_oldest).MemoryBytes;
            _tail[_oldest % TailBatches] = null;
            _oldest++;
        }
    }

    private ChangeBatch At(long sequence) => _tail[sequence % TailBatches]!;

    private bool TailHas(ChangePosition position) =>
        position.Sequence <= _newest && (position.Sequence >= _oldest || (position.Sequence == 0 && _oldest == 1));

    private ChangePosition End() => new(_newest, _newest == 0 ? 0 : At(_newest).Count - 1);

    private bool PutSince(long sequence, byte[] from, byte[] to)
    {
        lock (_gate)
        {
            bool put = sequence < _oldest - 1 || _recorded.Exists(batch => batch.PutsWithin(from, to));
            for (long i = sequence + 1; i <= _newest && !put; i++)
            {
                put = At(i).PutsWithin(from, to);
            }

            return put;
        }
    }
}
