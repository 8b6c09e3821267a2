namespace Rave.Client.Lanes;

// One timer for all deadlines of a lane, which have the same timeout. It runs until the first deadline, and then until the next.
internal sealed class LaneClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _timeoutTicks;
    private readonly ITimer _timer;
    private readonly TimeSpan _timeout;
    private bool _isRunning;

    internal LaneClock(TimeProvider time, TimeSpan timeout, Action<long, long> expire)
    {
        _time = time;
        _timeout = timeout;
        _timeoutTicks = (long)(timeout.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(
            _ => expire(time.GetTimestamp(), _timeoutTicks), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // Called under the lane's lock. If it runs already, an earlier deadline is first, and nothing changes.
    internal void Start()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
        }
    }

    // Called under the lane's lock, with the ticks until the next deadline, or null if there is none.
    internal void Restart(long? ticks)
    {
        _isRunning = ticks is not null;
        if (ticks is not null)
        {
            // Rounded up: a timer that fires early would find no passed deadline.
            double seconds = (double)ticks / _time.TimestampFrequency;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(seconds * 1000) + 1), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();
}
