using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;

namespace Rave.Server.Endpoints;

// GET /openapi/v1.json: the file v1.json in this folder. A test compares it with the mapped routes.
internal static class DocumentEndpoint
{
    private static readonly Lazy<byte[]> Document = new(Read);

    internal static void MapDocument(this IEndpointRouteBuilder routes) => routes.MapGet(Routes.OpenApi, Get).AllowParameters();

    private static FileContentHttpResult Get() => TypedResults.Bytes(Document.Value, MediaTypes.Json);

    private static byte[] Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("v1.json")!;
        byte[] document = new byte[stream.Length];
        stream.ReadExactly(document);
        return document;
    }
}
