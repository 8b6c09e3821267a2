namespace Rave.Server.Protocol;

// The answer of GET /v1/status. A gateway has no leader and no files.
internal sealed record Status(
    LeaderInfo? Leader,
    string Location,
    // By name: of the service and of the engine.
    IReadOnlyDictionary<string, string> Versions,
    double UptimeSeconds,
    Limits Limits,
    Counters Counters,
    long? SizeOnDisk,
    StorageOptions? Options = null,
    bool ReadOnly = false);

internal sealed record Counters(
    long Gets,
    long Writes,
    long Scans,
    long Clears,
    long Errors,
    int Followers,
    int Subscribers,
    int Snapshots);
