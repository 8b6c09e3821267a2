using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Serving;

namespace Rave.Server.Endpoints;

// Snapshots that a client keeps. Reading routes use them as ?snapshot=<id>.
internal static class SnapshotEndpoints
{
    // Enough time between two pages, but a snapshot of a dead client does not stay long.
    private const long DefaultSeconds = 60;

    // While a snapshot is open, LevelDB keeps overwritten data.
    private const long MostSeconds = 3600;

    internal static void MapSnapshot(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Snapshots, Open).AllowParameters(Parameter.TimeToLive);
        routes.MapDelete(Routes.Snapshot, End).AllowParameters();
    }

    private static async Task<JsonHttpResult<SnapshotAnswer>> Open(
        RaveRequest request, HttpResponse response, ServedDatabase served, CancellationToken cancellationToken)
    {
        long seconds = request.Query.Number(Parameter.TimeToLive, least: 1, otherwise: DefaultSeconds, most: MostSeconds);
        SnapshotAnswer snapshot = await served.Store.OpenSnapshotAsync(TimeSpan.FromSeconds(seconds), cancellationToken);
        response.Headers.Location = Routes.Snapshot.Replace("{id}", snapshot.Id, StringComparison.Ordinal);
        return TypedResults.Json(snapshot, RaveJson.Legible.SnapshotAnswer, MediaTypes.Json, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<NoContent> End(RaveRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        await served.Store.EndSnapshotAsync(request.SnapshotId(), cancellationToken);
        return TypedResults.NoContent();
    }
}
