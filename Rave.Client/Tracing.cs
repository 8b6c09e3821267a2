using System.Diagnostics;
using Rave.Client.Failover;

namespace Rave.Client;

// One span an operation, on a leader and on a follower alike, for who listens to the ActivitySource RaveLevel (OpenTelemetry: AddSource("RaveLevel")).
// Where nobody does it is one look, and allocates nothing.
internal static class Tracing
{
    internal const string SourceName = "RaveLevel";

    private static readonly ActivitySource Source = new(SourceName, typeof(Tracing).Assembly.GetName().Version?.ToString(3));

    internal static bool IsOn => Source.HasListeners();

    internal static Activity? Start(string operation, Database database)
    {
        if (!IsOn || Source.StartActivity($"rave.{operation}", ActivityKind.Client) is not { } span)
        {
            return null;
        }

        // OpenTelemetry's names for databases, and one of our own.
        return span
            .SetTag("db.system.name", "leveldb")
            .SetTag("db.namespace", database.Directory)
            .SetTag("db.operation.name", operation)
            .SetTag("rave.leads", database.Leads);
    }

    // For an exception filter: notes the failure and lets it pass.
    internal static bool Notes(this Activity? span, Exception failure)
    {
        span?.SetStatus(ActivityStatusCode.Error, failure.Message);
        span?.SetTag("error.type", failure is RaveException { Code: var code } ? code : failure.GetType().FullName);
        return false;
    }
}
