using System.Diagnostics;

namespace Rave.Client.Telemetry;

// The span and the duration of one operation, on a leader or a follower. Without a listener there is none, and nothing is allocated.
internal sealed class Observation : IDisposable
{
    private readonly string _operation;
    private readonly Database _database;
    private readonly bool _leads;
    private readonly long _since;
    private readonly Activity? _span;
    private string? _error;

    private Observation(string operation, Database database)
    {
        _operation = operation;
        _database = database;
        _leads = database.Leads;
        _since = database.Time.GetTimestamp();
        _span = Tracing.IsOn ? Tracing.Start(operation, database, _leads) : null;
    }

    internal static bool IsOn => Tracing.IsOn || HandleMeter.OperationDuration.Enabled;

    internal static Observation? Start(string operation, Database database) => IsOn ? new(operation, database) : null;

    // For an exception filter: records the failure and does not catch it.
    internal bool Notes(Exception failure)
    {
        _error = failure is RaveException { Code: var code } ? code : failure.GetType().FullName;
        _span?.SetStatus(ActivityStatusCode.Error, failure.Message);
        _span?.SetTag("error.type", _error);
        return false;
    }

    public void Dispose()
    {
        // Before the span ends, so that the measurement refers to it.
        if (HandleMeter.OperationDuration.Enabled)
        {
            TagList tags = new()
            {
                { "db.system.name", "leveldb" },
                { "db.namespace", _database.Location },
                { "db.operation.name", _operation },
                { "rave.leads", _leads },
            };
            if (_error is not null)
            {
                tags.Add("error.type", _error);
            }

            HandleMeter.OperationDuration.Record(_database.Time.GetElapsedTime(_since).TotalSeconds, tags);
        }

        _span?.Dispose();
    }
}
