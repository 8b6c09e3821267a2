namespace Rave.Server.Metrics;

internal enum MetricKind
{
    Counter,
    Gauge,
}

// One value of a metric. The label distinguishes it from the metric's other values.
internal readonly record struct Sample(double Value, string? Label = null, string? Of = null);

// A figure of a leader, with its name in OpenTelemetry and the name that this becomes in Prometheus.
internal sealed record Metric(string Name, MetricKind Kind, string Unit, string Description, Func<LeaderMetrics, IEnumerable<Sample>> Read)
{
    internal string PrometheusName { get; } = ToPrometheus(Name, Unit) + (Kind == MetricKind.Counter ? "_total" : "");

    // Dots become underscores, and a unit is spelled out. An {annotation} is not a unit.
    internal static string ToPrometheus(string name, string unit) =>
        name.Replace('.', '_') + unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
}
