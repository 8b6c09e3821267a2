using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class SnapshotOperations
{
    private const string Id = "8d3c5a0f6b1e4c7f9a2d5e8b1c4f7a0d";

    internal static readonly Operation[] All =
    [
        new("POST", Routes.Snapshots, "openSnapshot", "Open a snapshot",
            new Reply(201, "The snapshot is open. Every use renews it.")
            {
                Body = new(MediaTypes.Json, "Snapshot", $$"""{"id":"{{Id}}","expiresAt":"2030-01-01T00:01:00+00:00"}"""),
                Headers = [new("Location", "The path to delete it.", $"/v1/snapshots/{Id}")],
            },
            Reply.Problem(429, ErrorCodes.TooMany)),
        new("DELETE", Routes.Snapshot, "closeSnapshot", "Close a snapshot", new Reply(204, "The snapshot is closed."),
            Reply.Problem(410, ErrorCodes.SnapshotNotOpen))
        {
            Part = new("id", "The id of the snapshot.", Id),
        },
    ];
}
