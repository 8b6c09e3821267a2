using Rave.Server.Storage;

namespace Rave.Server.Engine;

// A subscriber's position in the feed, and its range. It keeps no batch alive between two reads. One reader at a time.
internal sealed class ChangeSubscription : IChangeSubscription
{
    private readonly ChangeFeed _feed;
    private readonly long _epoch;
    private readonly KeyRange _range;
    private int _disposed;

    // The change to read next: its batch, its index in the batch, and its offset there.
    private long _sequence;
    private int _index;
    private int _offset;

    // After the last change that was read. Null when changes were missed: a gap is next.
    private ChangePosition? _position;

    // The last change of the batch that is in the range. Null until the batch is examined.
    private int? _last;

    internal ChangeSubscription(ChangeFeed feed, long epoch, KeyRange range, ChangePosition? after)
    {
        _feed = feed;
        _epoch = epoch;
        _range = range;
        _position = after;
        if (after is { } position)
        {
            ContinueAfter(position);
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

        // A subscriber that reads the database after the gap has all changes up to here.
        ChangePosition end = _feed.EndPosition();
        ContinueAfter(end);
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

    // The next change of the batch in the range. False at the end of the batch; the next batch is read then.
    private bool TryRead(ChangeBatch batch, out Change change)
    {
        _last ??= FindLast(batch);
        while (_index <= _last)
        {
            Change next = batch.Read(ref _offset);
            int index = _index++;
            if (next.Touches(_range))
            {
                ChangePosition position = new(_sequence, index);
                _position = position;
                change = next with { Place = new(_epoch, position), IsLast = index == _last };
                return true;
            }
        }

        _position = new(_sequence, batch.Count - 1);
        Begin(_sequence + 1, index: 0);
        change = default;
        return false;
    }

    // The index of the last change in the range, or -1. Also sets the offset of the change to read next.
    private int FindLast(ChangeBatch batch)
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

    // Sequence 0 is the start of the feed. Otherwise it stays in the batch: only its end shows how long it is.
    private void ContinueAfter(ChangePosition position)
    {
        bool atStart = position.Sequence == 0;
        Begin(atStart ? 1 : position.Sequence, atStart ? 0 : position.Index + 1);
    }

    private void Begin(long sequence, int index)
    {
        _sequence = sequence;
        _index = index;
        _offset = 0;
        _last = null;
    }
}
