namespace Rave.Server.Metrics;

// Counts durations in buckets: from 0.1 ms, about the time of a request over the socket, to 10 s.
internal sealed class DurationHistogram
{
    // Upper bounds in seconds. One more bucket counts longer durations.
    internal static readonly IReadOnlyList<double> Bounds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Bounds.Count + 1];
    private TimeSpan _sum;

    internal void Add(TimeSpan duration)
    {
        int bucket = 0;
        while (bucket < Bounds.Count && duration.TotalSeconds > Bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _counts[bucket]++;
            _sum += duration;
        }
    }

    // The counts and the sum, taken at the same moment.
    internal (long[] Counts, double Seconds) Read()
    {
        lock (_gate)
        {
            return ([.. _counts], _sum.TotalSeconds);
        }
    }
}
