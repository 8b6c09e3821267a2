using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Rave.Server.Serving;

namespace Rave.Tests.OpenApi.Document;

// Generates the document from the mapped routes. It uses another service container, so that the one of the leader stays small.
internal static class DocumentBuilder
{
    private const string Name = "v1";

    internal static async Task<byte[]> BuildAsync(IEndpointRouteBuilder routes)
    {
        EndpointDataSource mapped = new CompositeEndpointDataSource(routes.DataSources);
        ServiceCollection services = new();
        services.AddLogging().AddRoutingCore();
        services.AddSingleton(mapped);
        services.AddSingleton(routes.ServiceProvider.GetRequiredService<IHostEnvironment>());
        // Known here as a service, so that a handler's parameter of this type is not taken for a body.
        services.AddSingleton(routes.ServiceProvider.GetRequiredService<ServedDatabase>());
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                DocumentTransformer.Apply(document, mapped);
                return Task.CompletedTask;
            });
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        OpenApiDocument document = await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        using MemoryStream json = new();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return json.ToArray();
    }
}
