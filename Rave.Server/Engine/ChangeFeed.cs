using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Every write in the order in which it was applied, for those who subscribe. Off, and then free, until somebody does. From there
// on it keeps a tail, which is all that it keeps: subscribers are positions in it, and one that it has left behind is told so.
internal sealed class ChangeFeed(int limit) : IDisposable
{
    // The absence, or slowness, that a subscriber may have without missing anything: some seconds of heavy writing.
    // The newest batch is kept however large it is.
    internal const long TailBytes = 16 << 20;

    // A power of two. As many of the smallest batches as those bytes hold, about.
    internal const int TailBatches = 1 << 16;

    private readonly Lock _gate = new();

    // The writer's alone: what it is about to write.
    private readonly List<ChangeBatch> _recorded = [];
    private bool _opening;

    // The tail: the batch with a sequence stands at that sequence modulo its length.
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

    // By the one writer, before it writes.
    internal void Record(StoreBatch batch)
    {
        _opening |= batch.OpensFeed;
        if (_isOn)
        {
            Remember(batch);
        }
    }

    // By the one writer, once what it recorded is applied.
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
                // Everything before is applied, and everything from here on is recorded.
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

    // By the one writer, for a batch that it has applied.
    internal void Publish(ChangeBatch batch)
    {
        if (_isOn)
        {
            _recorded.Add(batch);
            Publish();
        }
    }

    // By the one writer: everything from here on is told.
    internal void TurnOn()
    {
        _opening = true;
        Publish();
    }

    // By the one writer, when what it recorded has failed.
    internal void Discard()
    {
        _recorded.Clear();
        _opening = false;
    }

    // From now on, or on from an earlier place if that is still known.
    internal ChangeSubscription Subscribe(KeyRange range, FeedPlace? after, long epoch)
    {
        lock (_gate)
        {
            if (_subscribers == limit)
            {
                throw new RaveException(ErrorCodes.TooMany, $"{limit} subscribers are connected, which is the limit.");
            }

            _subscribers++;
            ChangePosition position = after?.In(epoch) ?? End();
            return new(this, epoch, range, Knows(position) ? position : null);
        }
    }

    internal void Unsubscribe()
    {
        lock (_gate)
        {
            _subscribers--;
        }
    }

    // The place behind everything so far.
    internal ChangePosition EndPosition()
    {
        lock (_gate)
        {
            return End();
        }
    }

    // False where there is no such batch yet; null where it is not known any more.
    internal bool TryGet(long sequence, out ChangeBatch? batch)
    {
        lock (_gate)
        {
            batch = sequence >= _oldest && sequence <= _newest ? At(sequence) : null;
            return _closed ? throw StoreFailures.NotOpen() : sequence <= _newest;
        }
    }

    // Completes when there is a batch with this sequence, or there will be none.
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
            if (ChangeRecorder.Record(batch, (from, to) => PutSince(batch.ClearsWhatStoodAt!.Value, from, to)) is { } changes)
            {
                _recorded.Add(changes);
            }
        }
        catch (OutOfMemoryException cause)
        {
            Discard();
            throw new RaveException(ErrorCodes.Overloaded, "There is no memory to remember the write for the change feed; it was not executed.", cause);
        }
    }

    private void Append(ChangeBatch batch)
    {
        _newest++;
        _tail[_newest % TailBatches] = batch;
        _bytes += batch.Cost;
        while (_oldest < _newest && (_bytes > TailBytes || _newest - _oldest >= TailBatches - 1))
        {
            _bytes -= At(_oldest).Cost;
            _tail[_oldest % TailBatches] = null;
            _oldest++;
        }
    }

    private ChangeBatch At(long sequence) => _tail[sequence % TailBatches]!;

    private bool Knows(ChangePosition place) => place.Sequence <= _newest && (place.Sequence >= _oldest || (place.Sequence == 0 && _oldest == 1));

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
