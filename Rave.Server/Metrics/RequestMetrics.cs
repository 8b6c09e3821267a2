using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rave.Server.Metrics;

// Requests whose durations are counted together. The route is the pattern of the path; null if none matched.
internal readonly record struct RequestKind(string? Route, string Method, string Status);

// Durations and errors of the requests to one leader, for the Prometheus text and the Meter.
internal sealed class RequestMetrics(string location)
{
    // All methods that HTTP does not define are counted as one, as in OpenTelemetry. Otherwise clients could create any number of series.
    private const string OtherMethod = "_OTHER";
    private static readonly string[] Statuses = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly ConcurrentDictionary<RequestKind, DurationHistogram> _durations = new();
    private readonly ConcurrentDictionary<string, long> _errors = new();

    internal IEnumerable<(RequestKind Kind, DurationHistogram Durations)> Durations => _durations.Select(pair => (pair.Key, pair.Value));

    internal IEnumerable<(string Code, long Count)> Errors => _errors.Select(pair => (pair.Key, pair.Value));

    internal void Add(string? route, string method, int status, TimeSpan duration)
    {
        RequestKind kind = new(route, Known(method), Statuses[Math.Clamp(status / 100, 1, 5) - 1]);
        _durations.GetOrAdd(kind, _ => new()).Add(duration);
        if (RaveMeter.RequestDuration.Enabled)
        {
            TagList tags = new() { { "location", location }, { "method", kind.Method }, { "status", kind.Status } };
            if (route is not null)
            {
                tags.Add("route", route);
            }

            RaveMeter.RequestDuration.Record(duration.TotalSeconds, tags);
        }
    }

    internal void AddError(string code) => _errors.AddOrUpdate(code, 1, (_, count) => count + 1);

    private static string Known(string method) =>
        method is "GET" or "HEAD" or "PUT" or "POST" or "DELETE" or "PATCH" or "OPTIONS" ? method : OtherMethod;
}
