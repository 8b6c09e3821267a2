using System.Diagnostics.Metrics;

namespace Rave.Server.Metrics;

// The figures of all leaders in this process for listeners of System.Diagnostics.Metrics, such as OpenTelemetry. The Meter is
// called RaveLevel, and each measurement has its location as a tag. Without a listener it costs nothing.
internal static class RaveMeter
{
    internal const string Name = "RaveLevel";
    internal const string DurationName = "rave.request.duration";
    internal const string DurationUnit = "s";
    internal const string DurationDescription = "Duration of requests by route, without endless streams.";

    private static readonly Meter Meter = new(Name, typeof(RaveMeter).Assembly.GetName().Version?.ToString(3));
    private static readonly Lock Gate = new();
    private static LeaderMetrics[] _leaders = [];

    internal static readonly Histogram<double> RequestDuration = Meter.CreateHistogram(
        DurationName,
        DurationUnit,
        DurationDescription,
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationHistogram.Bounds });

    static RaveMeter()
    {
        foreach (Metric metric in MetricTable.All)
        {
            _ = metric.Kind == MetricKind.Counter
                ? (Instrument)Meter.CreateObservableCounter(metric.Name, () => Measure(metric), metric.Unit, metric.Description)
                : Meter.CreateObservableGauge(metric.Name, () => Measure(metric), metric.Unit, metric.Description);
        }
    }

    internal static void Add(LeaderMetrics leader)
    {
        lock (Gate)
        {
            _leaders = [.. _leaders, leader];
        }
    }

    internal static void Remove(LeaderMetrics leader)
    {
        lock (Gate)
        {
            _leaders = [.. _leaders.Where(other => other != leader)];
        }
    }

    private static IEnumerable<Measurement<double>> Measure(Metric metric) =>
        Volatile.Read(ref _leaders).SelectMany(leader => Measure(metric, leader));

    private static Measurement<double>[] Measure(Metric metric, LeaderMetrics leader)
    {
        try
        {
            return [.. metric.Read(leader).Select(sample => Tagged(sample, leader))];
        }
        catch (RaveException)
        {
            // The leader stopped after the list was read, and has no figures any more.
            return [];
        }
    }

    private static Measurement<double> Tagged(Sample sample, LeaderMetrics leader)
    {
        KeyValuePair<string, object?> location = new("location", leader.Location);
        return sample.Label is null ? new(sample.Value, location) : new(sample.Value, location, new(sample.Label, sample.Of));
    }
}
