using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Rave.Server.Requests;

namespace Rave.Tests.OpenApi.Document;

// Fills the operations that ASP.NET Core found with what it cannot see: handlers read the raw target, so a route's parameters
// come from the same table that requests are checked by, and the rest from Operations.
internal static class DocumentTransformer
{
    private const string TokenScheme = "token";

    internal static void Apply(OpenApiDocument document, EndpointDataSource mapped)
    {
        document.Info = new()
        {
            Title = "RaveLevel",
            Version = "v1",
            Description = "A LevelDB database that many processes share. It is served on the unix socket `<location>/rave.sock`, "
                + "and with `rave-server --http` also on a loopback port, to clients with the token.",
            License = new() { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = Operations.All.Select(operation => operation.Family).Distinct().Select(family => new OpenApiTag { Name = family })
            .ToHashSet();
        document.Components = ReadSchemas();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [TokenScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer",
                Description = "The text of `<location>/rave.token`. The socket needs no token." },
        };
        document.RegisterComponents();
        document.Security =
        [
            new OpenApiSecurityRequirement(),
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] },
        ];
        foreach ((string path, IOpenApiPathItem item) in document.Paths)
        {
            foreach ((HttpMethod method, OpenApiOperation operation) in item.Operations!)
            {
                if (Operations.All.FirstOrDefault(known => known.Pattern == path && known.Method == method.Method) is { } known)
                {
                    OperationWriter.Fill(operation, known, Parameters(mapped, path, method.Method), document);
                }
            }
        }
    }

    private static IReadOnlyList<Parameter> Parameters(EndpointDataSource mapped, string pattern, string method) =>
        mapped.Endpoints.OfType<RouteEndpoint>()
            .Single(route => route.RoutePattern.RawText == pattern
                && route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains(method))
            .Metadata.GetRequiredMetadata<RouteParameters>().Parameters;

    private static OpenApiComponents ReadSchemas() => OpenApiDocument.Parse(Schemas.Json, "json").Document!.Components!;
}
