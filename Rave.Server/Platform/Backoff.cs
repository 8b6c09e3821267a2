namespace Rave.Server.Platform;

// Waits that double, with jitter: processes that lost the same election must not all come back at once.
internal sealed class Backoff(TimeProvider time, TimeSpan first, TimeSpan longest)
{
    private int _waits;

    internal void Reset() => _waits = 0;

    internal Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Next(), time, cancellationToken);

    // How long to wait now; twice as long the next time.
    internal TimeSpan Next()
    {
        double doubled = Math.Min(first.Ticks * Math.Pow(2, _waits++), longest.Ticks);
        double jitter = 0.5 + (Random.Shared.NextDouble() / 2);
        return TimeSpan.FromTicks((long)(doubled * jitter));
    }
}
