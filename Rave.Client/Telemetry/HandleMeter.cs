using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rave.Server.Metrics;

namespace Rave.Client.Telemetry;

// What handles measure of their own doing, for who listens to the Meter RaveLevel (OpenTelemetry: AddMeter("RaveLevel")): beside a leader's figures
// (RaveMeter), and under other names. Where nobody listens nothing is measured.
internal static class HandleMeter
{
    private static readonly Meter Meter = new(RaveMeter.Name, typeof(HandleMeter).Assembly.GetName().Version?.ToString(3));

    // OpenTelemetry's name. Its count is that of the operations.
    internal static readonly Histogram<double> OperationDuration = Meter.CreateHistogram(
        "db.client.operation.duration",
        "s",
        "How long operations of a handle took, waits for a leader included.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationHistogram.Bounds });

    private static readonly Counter<long> Failovers = Meter.CreateCounter<long>(
        "rave.client.failovers", "{failover}", "Times that a handle went on with another leader, its own process included.");

    private static readonly Counter<long> RequestsLost = Meter.CreateCounter<long>(
        "rave.client.requests.lost", "{request}", "Requests whose leader was lost while it had them; sent again, unless they failed for it.");

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
