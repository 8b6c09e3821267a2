using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Metrics;
using Rave.Server.Protocol;
using Rave.Server.Results;
using Rave.Server.Serving;

namespace Rave.Server.Endpoints;

// The service itself: status, health and metrics.
internal static class ServiceEndpoints
{
    internal static void MapService(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Status, Status).AllowParameters();
        routes.MapGet(Routes.Health, Health).AllowParameters();
        routes.MapGet(Routes.Metrics, Metrics).AllowParameters();
    }

    private static async Task<JsonHttpResult<Status>> Status(ServedDatabase served, CancellationToken cancellationToken) =>
        TypedResults.Json(await served.StatusAsync(cancellationToken), RaveJson.Legible.Status, MediaTypes.Json);

    private static ContentHttpResult Metrics(ServedDatabase served) =>
        TypedResults.Text(PrometheusText.Of(served.Metrics), PrometheusText.MediaType);

    // 200 if a read and a write succeed, otherwise a problem with status 503.
    private static async Task<Results<ContentHttpResult, ProblemResult>> Health(ServedDatabase served, CancellationToken cancellationToken)
    {
        try
        {
            await served.Store.ProbeAsync(cancellationToken);
            return TypedResults.Text("ok");
        }
        catch (RaveException failure)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, Problems.CodeOf(failure), failure.Message);
        }
    }
}
