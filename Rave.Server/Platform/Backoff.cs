namespace Rave.Server.Platform;

// Waits that double, with jitter, so that processes that lost the same election do not all retry at once.
internal sealed class Backoff(TimeProvider time, TimeSpan first, TimeSpan longest)
{
    private int _waits;

    internal void Reset() => _waits = 0;

    internal Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Next(), time, cancellationToken);

    // The next wait. Each one is twice as long as the one before, up to the longest.
    internal TimeSpan Next()
    {
        double doubled = Math.Min(first.Ticks * Math.Pow(2, _waits++), longest.Ticks);
        double jitter = 0.5 + (Random.Shared.NextDouble() / 2);
        return TimeSpan.FromTicks((long)(doubled * jitter));
    }
}
