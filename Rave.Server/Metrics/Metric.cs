namespace Rave.Server.Metrics;

internal enum MetricKind
{
    Counter,
    Gauge,
}

// One value of a metric, and what tells it from the others of the same metric.
internal readonly record struct Sample(double Value, string? Label = null, string? Of = null);

// A figure of a leader: under OpenTelemetry's kind of name for .NET programs, and under the name that it translates to for Prometheus.
internal sealed record Metric(string Name, MetricKind Kind, string Unit, string Description, Func<LeaderMetrics, IEnumerable<Sample>> Read)
{
    internal string PrometheusName { get; } = ToPrometheus(Name, Unit) + (Kind == MetricKind.Counter ? "_total" : "");

    // Dots become underscores, and a unit that is one is spelled out; {annotations} are none.
    internal static string ToPrometheus(string name, string unit) =>
        name.Replace('.', '_') + unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
}
