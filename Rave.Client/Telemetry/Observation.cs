using System.Diagnostics;

namespace Rave.Client.Telemetry;

// The span and the duration of one operation, on a leader or a follower. Without a listener there is none, and nothing is allocated.
internal sealed class Observation : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _since;
    private readonly Activity? _span;

    // OpenTelemetry's tags for databases, and rave.leads.
    private TagList _tags;

    private Observation(string operation, Database database)
    {
        _tags = new()
        {
            { "db.system.name", "leveldb" },
            { "db.namespace", database.Location },
            { "db.operation.name", operation },
            { "rave.leads", database.Leads },
        };
        _time = database.Time;
        _since = _time.GetTimestamp();
        _span = Tracing.IsOn ? Tracing.Start(operation, _tags) : null;
    }

    internal static bool IsOn => Tracing.IsOn || HandleMeter.OperationDuration.Enabled;

    internal static Observation? Start(string operation, Database database) => IsOn ? new(operation, database) : null;

    // For an exception filter: records the failure and does not catch it.
    internal bool Notes(Exception failure)
    {
        string? error = failure is RaveException { Code: var code } ? code : failure.GetType().FullName;
        _tags.Add("error.type", error);
        _span?.SetStatus(ActivityStatusCode.Error, failure.Message);
        _span?.SetTag("error.type", error);
        return false;
    }

    public void Dispose()
    {
        // Before the span ends, so that the measurement refers to it.
        if (HandleMeter.OperationDuration.Enabled)
        {
            HandleMeter.OperationDuration.Record(_time.GetElapsedTime(_since).TotalSeconds, _tags);
        }

        _span?.Dispose();
    }
}
