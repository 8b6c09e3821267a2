using System.Diagnostics;

namespace Rave.Client.Telemetry;

// The spans of operations, for who listens to the ActivitySource RaveLevel (OpenTelemetry: AddSource("RaveLevel")).
internal static class Tracing
{
    internal const string SourceName = "RaveLevel";

    private static readonly ActivitySource Source = new(SourceName, typeof(Tracing).Assembly.GetName().Version?.ToString(3));

    internal static bool IsOn => Source.HasListeners();

    // The span of the operation that runs here, if it has one.
    internal static Activity? Current => IsOn && Activity.Current is { } span && ReferenceEquals(span.Source, Source) ? span : null;

    // OpenTelemetry's names for databases, and one of our own.
    internal static Activity? Start(string operation, Database database, bool leads) => Source.StartActivity($"rave.{operation}", ActivityKind.Client)?
        .SetTag("db.system.name", "leveldb")
        .SetTag("db.namespace", database.Location)
        .SetTag("db.operation.name", operation)
        .SetTag("rave.leads", leads);

    // For what a lane does on behalf of another operation than the one that it runs in.
    internal static void GoOn(Activity? span)
    {
        if (span is not null)
        {
            Activity.Current = span;
        }
    }

    // Each of the operations that a request carries lost its leader: it is sent again, or fails.
    internal static void NoteLoss(IEnumerable<Activity?> spans, LeaderInfo leader, int lost)
    {
        foreach (Activity? span in spans)
        {
            span?.AddEvent(new("rave.leader.lost", tags: new() { { "rave.leader.pid", leader.Pid }, { "rave.leader.epoch", leader.Epoch } }));
            span?.SetTag("rave.leaders.lost", lost);
        }
    }
}
