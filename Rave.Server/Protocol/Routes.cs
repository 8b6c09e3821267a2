namespace Rave.Server.Protocol;

// The paths of the HTTP contract. {key} is read from the raw target, because the router's value is already decoded.
internal static class Routes
{
    internal const string Entry = "/v1/kv/{key}";
    internal const string GetMany = "/v1/get-many";
    internal const string HasMany = "/v1/has-many";
    internal const string Batch = "/v1/batch";
    internal const string Entries = "/v1/entries";
    internal const string Count = "/v1/count";
    internal const string Snapshots = "/v1/snapshots";
    internal const string Snapshot = "/v1/snapshots/{id}";
    internal const string Session = "/v1/sessions/{session}";
    internal const string Changes = "/v1/changes";
    internal const string Status = "/v1/status";
    internal const string Leader = "/v1/leader";

    // In the answer of GET /v1/leader: the leader's directory, as device:inode. A hard link to the socket in another directory
    // leads to the wrong database, and this shows it.
    internal const string DirectoryHeader = "Rave-Directory";

    internal const string StepDown = "/v1/leader/step-down";
    internal const string Property = "/v1/properties/{name}";
    internal const string ApproximateSize = "/v1/approximate-size";
    internal const string Compact = "/v1/compact";
    internal const string Health = "/healthz";
    internal const string Metrics = "/metrics";
    internal const string OpenApi = "/openapi/v1.json";

    // Only with --http.
    internal const string Docs = "/docs";
}
