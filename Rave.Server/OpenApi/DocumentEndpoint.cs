using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Contracts;
using Rave.Server.Endpoints;

namespace Rave.Server.OpenApi;

// GET /openapi/v1.json. Made on the first request and kept: a leader that is never asked loads nothing of OpenAPI.
internal static class DocumentEndpoint
{
    internal static void MapDocument(this IEndpointRouteBuilder routes)
    {
        Lazy<Task<byte[]>> document = new(() => DocumentBuilder.BuildAsync(routes));
        routes.MapGet(Routes.OpenApi, () => Document(document)).Takes();
    }

    private static async Task<FileContentHttpResult> Document(Lazy<Task<byte[]>> document) =>
        TypedResults.Bytes(await document.Value, MediaTypes.Json);
}
