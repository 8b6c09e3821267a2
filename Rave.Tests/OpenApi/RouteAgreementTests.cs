using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Rave.Client;
using Rave.Server.Endpoints;
using Rave.Server.Requests;
using Rave.Server.Serving;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;
using Rave.Tests.OpenApi.Document;

namespace Rave.Tests.OpenApi;

// The document agrees with the mapped routes.
public sealed class RouteAgreementTests(SharedLeader leader) : IClassFixture<SharedLeader>
{
    private const string Rewrite = "RAVE_APPROVE";

    private static readonly WebApplication App = Map();
    private static readonly RouteEndpoint[] Mapped = [.. ((IEndpointRouteBuilder)App).DataSources.SelectMany(source => source.Endpoints)
        .Cast<RouteEndpoint>()];

    // The server has the document as a file, because a leader does not need the code that generates it.
    [Fact]
    public async Task The_document_is_generated_from_the_routes()
    {
        string file = Repository.PathOf("Rave.Server/Endpoints/v1.json");
        string made = System.Text.Encoding.UTF8.GetString(await DocumentBuilder.BuildAsync(App)).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Rewrite) is not null)
        {
            await File.WriteAllTextAsync(file, made);
        }

        (await File.ReadAllTextAsync(file))
            .ShouldBe(made, $"If this change is intended, run this test with {Rewrite}=1, build, and commit the file.");
        (await leader.GetAsync("/openapi/v1.json")).Text.ShouldBe(made);
    }

    [Fact]
    public async Task The_document_has_exactly_the_mapped_routes_and_methods() =>
        (await OperationsAsync()).Keys.ShouldBe(Mapped.SelectMany(Methods), ignoreOrder: true);

    [Fact]
    public void The_descriptions_have_exactly_the_mapped_routes_and_methods() =>
        Operations.All.Select(operation => $"{operation.Method} {operation.Pattern}")
            .ShouldBe(Mapped.SelectMany(Methods), ignoreOrder: true);

    [Fact]
    public async Task The_document_has_exactly_the_parameters_of_each_route()
    {
        Dictionary<string, JsonElement> operations = await OperationsAsync();
        foreach (RouteEndpoint route in Mapped)
        {
            string[] taken =
            [
                .. route.RoutePattern.Parameters.Select(part => $"path {part.Name}"),
                .. route.Metadata.GetRequiredMetadata<RouteParameters>().InQuery.Select(parameter => $"query {parameter.Name}"),
                .. route.Metadata.GetRequiredMetadata<RouteParameters>().InHeaders.Select(parameter => $"header {parameter.Name}"),
            ];
            foreach (string method in Methods(route))
            {
                Parameters(operations[method]).ShouldBe(taken, ignoreOrder: true, method);
            }
        }
    }

    [Fact]
    public async Task A_body_is_described_exactly_if_the_route_reads_one() =>
        (await OperationsAsync()).Where(operation => operation.Value.TryGetProperty("requestBody", out _))
            .Select(operation => operation.Key)
            .ShouldBe(["PUT /v1/kv/{key}", "POST /v1/get-many", "POST /v1/has-many", "POST /v1/batch", "POST /v1/entries"],
                ignoreOrder: true);

    private static string[] Parameters(JsonElement operation) => !operation.TryGetProperty("parameters", out JsonElement parameters) ? [] :
        [.. parameters.EnumerateArray()
            .Select(parameter => $"{parameter.GetProperty("in").GetString()} {parameter.GetProperty("name").GetString()}")];

    private static IEnumerable<string> Methods(RouteEndpoint route) =>
        route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}");

    private static WebApplication Map()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(
            new ServedDatabase("nowhere", NullLogger.Instance, TimeProvider.System, new Limits(), new ClientTimeouts()));
        WebApplication app = builder.Build();
        app.MapRave();
        app.MapDocument();
        return app;
    }

    private async Task<Dictionary<string, JsonElement>> OperationsAsync() =>
        (await leader.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, method) =>
                (Name: $"{method.Name.ToUpperInvariant()} {path.Name}", method.Value))
            .ToDictionary(operation => operation.Name, operation => operation.Value);
}
