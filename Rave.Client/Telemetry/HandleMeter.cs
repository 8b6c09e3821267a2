using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rave.Server.Metrics;

namespace Rave.Client.Telemetry;

// The metrics of handles, in the Meter RaveLevel (OpenTelemetry: AddMeter("RaveLevel")). A leader's metrics are in RaveMeter, under other
// names. Without a listener, nothing is measured.
internal static class HandleMeter
{
    private static readonly Meter Meter = new(RaveMeter.Name, typeof(HandleMeter).Assembly.GetName().Version?.ToString(3));

    // The name is OpenTelemetry's. Its count is the number of operations.
    internal static readonly Histogram<double> OperationDuration = Meter.CreateHistogram(
        "db.client.operation.duration",
        "s",
        "Duration of the operations of a handle, with waits for a leader.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationHistogram.Bounds });

    private static readonly Counter<long> Failovers = Meter.CreateCounter<long>(
        "rave.client.failovers", "{failover}", "Switches of a handle to another leader, also to its own process.");

    private static readonly Counter<long> RequestsLost = Meter.CreateCounter<long>(
        "rave.client.requests.lost", "{request}", "Requests whose leader was lost while it had them. They are sent again, or fail.");

    internal static void CountFailover(string directory, bool leads)
    {
        if (Failovers.Enabled)
        {
            Failovers.Add(1, new TagList { { "db.namespace", directory }, { "rave.leads", leads } });
        }
    }

    internal static void CountLoss(string directory)
    {
        if (RequestsLost.Enabled)
        {
            RequestsLost.Add(1, new KeyValuePair<string, object?>("db.namespace", directory));
        }
    }
}
