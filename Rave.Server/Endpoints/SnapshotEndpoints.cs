using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// Snapshots that a client holds: taken, used as ?snapshot=<id> by the reading routes, and let go.
internal static class SnapshotEndpoints
{
    // Long enough between two pages, short enough for a client that died.
    private const long DefaultSeconds = 60;

    // A snapshot keeps LevelDB from dropping what was overwritten since.
    private const long MostSeconds = 3600;

    internal static void MapSnapshot(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Snapshots, Open).Takes(Parameter.TimeToLive);
        routes.MapDelete(Routes.Snapshot, End).Takes();
    }

    private static JsonHttpResult<SnapshotAnswer> Open(RaveRequest request, HttpResponse response, ServedDatabase served)
    {
        long seconds = request.Query.Number(Parameter.TimeToLive, least: 1, otherwise: DefaultSeconds, most: MostSeconds);
        SnapshotLease lease = served.Store.Snapshots.Open(TimeSpan.FromSeconds(seconds));
        response.Headers.Location = Routes.Snapshot.Replace("{id}", lease.Id, StringComparison.Ordinal);
        return TypedResults.Json(new SnapshotAnswer(lease.Id, lease.ExpiresAt), RaveJson.Legible.SnapshotAnswer, MediaTypes.Json, statusCode: StatusCodes.Status201Created);
    }

    private static NoContent End(RaveRequest request, ServedDatabase served)
    {
        served.Store.Snapshots.End(request.SnapshotId());
        return TypedResults.NoContent();
    }
}
