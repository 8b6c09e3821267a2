namespace Rave.Server.Protocol;

// The answer of GET /v1/status.
internal sealed record Status(
    LeaderInfo Leader,
    string Location,
    Versions Versions,
    double UptimeSeconds,
    Limits Limits,
    Counters Counters,
    long SizeOnDisk,
    StorageOptions? Options = null,
    bool ReadOnly = false);

internal sealed record Versions(string Service, string LevelDb);

internal sealed record Counters(
    long Gets,
    long Writes,
    long Scans,
    long Clears,
    long Errors,
    int Followers,
    int Subscribers,
    int Snapshots);
