using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Results;
using Rave.Server.Serving;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// LevelDB's figures and maintenance.
internal static class MaintenanceEndpoints
{
    internal static void MapMaintenance(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Property, Property).AllowParameters();
        routes.MapGet(Routes.ApproximateSize, ApproximateSize).AllowParameters(Parameter.Start, Parameter.End, Parameter.KeyEncoding);
        routes.MapPost(Routes.Compact, Compact).AllowParameters(Parameter.Start, Parameter.End, Parameter.KeyEncoding);
    }

    private static async Task<Results<ContentHttpResult, ProblemResult>> Property(
        RaveRequest request, ServedDatabase served, CancellationToken cancellationToken) =>
        await served.Store.PropertyAsync(request.PropertyName(), cancellationToken) is { } text
            ? TypedResults.Text(text, MediaTypes.Text)
            : Problems.Of(
                StatusCodes.Status404NotFound, ErrorCodes.NotFound, "LevelDB has no property with this name. An example is leveldb.stats.");

    private static async Task<JsonHttpResult<SizeAnswer>> ApproximateSize(
        RaveRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        long bytes = await served.Store.ApproximateSizeAsync(Range(request.Query), cancellationToken);
        return TypedResults.Json(new SizeAnswer(bytes), RaveJson.Legible.SizeAnswer, MediaTypes.Json);
    }

    // If the client disconnects or this leader stops, it ends after the current step.
    private static async Task<Results<NoContent, ProblemResult>> Compact(
        RaveRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        KeyRange range = Range(request.Query);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, served.Stopping);
        try
        {
            await served.Store.CompactAsync(range, end.Token);
            return TypedResults.NoContent();
        }
        catch (OperationCanceledException) when (served.Stopping.IsCancellationRequested)
        {
            return Problems.From(StoreFailures.NotOpen());
        }
    }

    private static KeyRange Range(Query query) => new(query.Key(Parameter.Start), query.Key(Parameter.End));
}
