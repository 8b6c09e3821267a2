using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class SnapshotOperations
{
    private const string Id = "8d3c5a0f6b1e4c7f9a2d5e8b1c4f7a0d";

    internal static readonly Operation[] All =
    [
        new("POST", Routes.Snapshots, "openSnapshot", "Take a snapshot",
            new Reply(201, "Taken; every use renews it.")
            {
                Body = new(MediaTypes.Json, "Snapshot", $$"""{"id":"{{Id}}","expiresAt":"2030-01-01T00:01:00+00:00"}"""),
                Headers = [new("Location", "Where to delete it.", $"/v1/snapshots/{Id}")],
            },
            Reply.Problem(429, ErrorCodes.TooMany)),
        new("DELETE", Routes.Snapshot, "closeSnapshot", "Let a snapshot go", new Reply(204, "Gone."),
            Reply.Problem(410, ErrorCodes.SnapshotNotOpen))
        {
            Part = new("id", "The id that taking it answered.", Id),
        },
    ];
}
