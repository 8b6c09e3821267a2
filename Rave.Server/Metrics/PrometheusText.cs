using System.Globalization;
using System.Text;

namespace Rave.Server.Metrics;

// The figures of one leader in the text format of Prometheus, version 0.0.4.
internal static class PrometheusText
{
    internal const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    internal static string Of(LeaderMetrics leader)
    {
        StringBuilder text = new();
        foreach (Metric metric in MetricTable.All)
        {
            Begin(text, metric.PrometheusName, metric.Description, metric.Kind == MetricKind.Counter ? "counter" : "gauge");
            foreach (Sample sample in metric.Read(leader))
            {
                Line(text, metric.PrometheusName, sample.Label is null ? [] : [(sample.Label, sample.Of)], sample.Value);
            }
        }

        AppendDurations(text, leader.Requests);
        return text.ToString();
    }

    private static void AppendDurations(StringBuilder text, RequestMetrics requests)
    {
        string name = Metric.ToPrometheus(RaveMeter.DurationName, RaveMeter.DurationUnit);
        Begin(text, name, RaveMeter.DurationDescription, "histogram");
        foreach ((RequestKind kind, DurationHistogram durations) in requests.Durations)
        {
            (string, string?)[] labels = [("route", kind.Route), ("method", kind.Method), ("status", kind.Status)];
            (long[] counts, double seconds) = durations.Read();
            long below = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                below += counts[i];
                string bound = i < DurationHistogram.Bounds.Count ? Number(DurationHistogram.Bounds[i]) : "+Inf";
                Line(text, name + "_bucket", [.. labels, ("le", bound)], below);
            }

            Line(text, name + "_sum", labels, seconds);
            Line(text, name + "_count", labels, below);
        }
    }

    private static void Begin(StringBuilder text, string name, string help, string type) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escape(help)}\n# TYPE {name} {type}\n");

    private static void Line(StringBuilder text, string name, (string Name, string? Value)[] labels, double value)
    {
        // For Prometheus, a label without a value is the same as no label.
        string[] written =
            [.. labels.Where(label => label.Value is not null).Select(label => $"{label.Name}=\"{EscapeLabel(label.Value!)}\"")];
        text.Append(name);
        if (written.Length > 0)
        {
            text.Append('{').AppendJoin(',', written).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string help) =>
        help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string value) => Escape(value).Replace("\"", "\\\"", StringComparison.Ordinal);
}
