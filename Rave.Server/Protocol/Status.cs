namespace Rave.Server.Protocol;

// The answer of GET /v1/status. A gateway has no leader and no files. A handle on a cluster serves no requests, so it also has no uptime
// and no counters.
internal sealed record Status(
    LeaderInfo? Leader,
    string Location,
    // By name: of the service and of the engine.
    IReadOnlyDictionary<string, string> Versions,
    double? UptimeSeconds,
    Limits Limits,
    Counters? Counters,
    long? SizeOnDisk,
    StorageOptions? Options = null,
    bool ReadOnly = false,
    ClusterStatus? Cluster = null)
{
    // Of a database that no process of ours serves.
    internal static Status Of(string location, string engine, Limits limits, ClusterStatus? cluster)
    {
        Dictionary<string, string> versions = new() { ["service"] = ServiceVersion.Text };
        if (cluster?.Version is { } version)
        {
            versions[engine] = version;
        }

        return new(
            Leader: null, location, versions, UptimeSeconds: null, limits, Counters: null, SizeOnDisk: null, Cluster: cluster);
    }
}

internal sealed record Counters(
    long Gets,
    long Writes,
    long Scans,
    long Clears,
    long Errors,
    int Followers,
    int Subscribers,
    int Snapshots);
