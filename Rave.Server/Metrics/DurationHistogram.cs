namespace Rave.Server.Metrics;

// Durations in buckets. Bounds from a tenth of a millisecond, about what a request takes over the socket, to what nobody waits for.
internal sealed class DurationHistogram
{
    // Seconds; above the last there is one more bucket.
    internal static readonly IReadOnlyList<double> Bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

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

    // How many lie in each bucket, and their sum, of one moment.
    internal (long[] Counts, double Seconds) Read()
    {
        lock (_gate)
        {
            return ([.. _counts], _sum.TotalSeconds);
        }
    }
}
