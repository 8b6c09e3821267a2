using Rave.Server.Storage;

namespace Rave.Server.Engine;

// A subscriber's position in the feed, and what it wants of it. Holds nothing of the feed between two reads. One reader at a time.
internal sealed class ChangeSubscription : IChangeSubscription
{
    private readonly ChangeFeed _feed;
    private readonly long _epoch;
    private readonly KeyRange _range;
    private int _disposed;

    // The change to read next: in which batch, which one of it, and where that stands.
    private long _sequence;
    private int _index;
    private int _offset;

    // Behind the last change that was read.
    private ChangePosition? _position;

    // The last change of the batch that is in the range; null before the batch was looked at.
    private int? _last;

    internal ChangeSubscription(ChangeFeed feed, long epoch, KeyRange range, ChangePosition? after)
    {
        _feed = feed;
        _epoch = epoch;
        _range = range;
        _position = after;
        if (after is { } place)
        {
            GoBehind(place);
        }
    }

    public FeedPlace? Place => _position is { } position ? new(_epoch, position) : null;

    public Task WaitAsync(CancellationToken cancellationToken) =>
        _position is null ? Task.CompletedTask : _feed.WaitAsync(_sequence).WaitAsync(cancellationToken);

    public bool TryRead(out Change change)
    {
        change = default;
        while (_position is not null && _feed.TryGet(_sequence, out ChangeBatch? batch))
        {
            if (batch is null)
            {
                _position = null;
            }
            else if (TryRead(batch, out change))
            {
                return true;
            }
        }

        if (_position is not null)
        {
            return false;
        }

        // Whoever reads again on being told of the gap has everything up to here.
        ChangePosition end = _feed.EndPosition();
        GoBehind(end);
        _position = end;
        change = new() { Type = ChangeType.Gap, Place = new(_epoch, end) };
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _feed.Unsubscribe();
        }
    }

    // The next change of the batch in the range; false at its end, from where the next batch is read.
    private bool TryRead(ChangeBatch batch, out Change change)
    {
        _last ??= LookAt(batch);
        while (_index <= _last)
        {
            Change next = batch.Read(ref _offset);
            int index = _index++;
            if (next.Touches(_range))
            {
                ChangePosition position = new(_sequence, index);
                _position = position;
                change = new() { Type = next.Type, Key = next.Key, Value = next.Value, Place = new(_epoch, position), IsLast = index == _last };
                return true;
            }
        }

        _position = new(_sequence, batch.Count - 1);
        Begin(_sequence + 1, index: 0);
        change = default;
        return false;
    }

    // Finds the last change in the range, -1 where there is none, and where the one to read next stands.
    private int LookAt(ChangeBatch batch)
    {
        int last = -1;
        int offset = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            if (i == _index)
            {
                _offset = offset;
            }

            if (batch.Read(ref offset).Touches(_range))
            {
                last = i;
            }
        }

        return last;
    }

    // A batch is left only once it is known how long it is.
    private void GoBehind(ChangePosition place)
    {
        if (place.Sequence == 0)
        {
            Begin(1, index: 0);
        }
        else
        {
            Begin(place.Sequence, place.Index + 1);
        }
    }

    private void Begin(long sequence, int index)
    {
        _sequence = sequence;
        _index = index;
        _offset = 0;
        _last = null;
    }
}
