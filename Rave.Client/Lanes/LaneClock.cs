namespace Rave.Client.Lanes;

// One timer for all deadlines of a lane, which are equally long: it is set to the first, and looks for the next when that has come.
internal sealed class LaneClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _lasts;
    private readonly ITimer _timer;
    private readonly TimeSpan _timeout;
    private bool _set;

    internal LaneClock(TimeProvider time, TimeSpan timeout, Action<long, long> expire)
    {
        _time = time;
        _timeout = timeout;
        _lasts = (long)(timeout.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(_ => expire(time.GetTimestamp(), _lasts), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // Under the lane's lock. Costs nothing while it is set: then what was submitted before is due first.
    internal void Set()
    {
        if (!_set)
        {
            _set = true;
            _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
        }
    }

    // Under the lane's lock, with the ticks until the next is due; null when nothing is.
    internal void SetTo(long? ticks)
    {
        _set = ticks is not null;
        if (ticks is not null)
        {
            // Rounded up: a timer that comes early would find nothing due.
            double seconds = (double)ticks / _time.TimestampFrequency;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(seconds * 1000) + 1), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();
}
