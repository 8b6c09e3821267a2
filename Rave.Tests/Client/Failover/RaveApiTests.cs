using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Rave.Client;
using Rave.Client.Failover;
using Rave.Server.Endpoints;
using Rave.Server.Requests;
using Rave.Server.Serving;
using Refit;

namespace Rave.Tests.Client;

// The attributes of the REST interface, the code that Refit generates from them, and the routes of the server agree.
public sealed class RaveApiTests
{
    private const string StandIn = "x";

    public static TheoryData<string> Methods => [.. typeof(IRaveApi).GetMethods().Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Attribute_implementation_and_server_route_agree(string name)
    {
        MethodInfo method = typeof(IRaveApi).GetMethod(name)!;
        HttpMethodAttribute attribute = method.GetCustomAttribute<HttpMethodAttribute>()!;
        ParameterInfo[] query = [.. method.GetParameters().Where(parameter => IsQuery(parameter, attribute.Path))];

        HttpRequestMessage sent = await CallAsync(method);
        sent.Method.Method.ShouldBe(attribute.Method.Method);
        sent.RequestUri!.AbsolutePath
            .ShouldBe(attribute.Path.Replace("{key}", StandIn, StringComparison.Ordinal).Replace("{id}", StandIn, StringComparison.Ordinal)
            .Replace("{name}", StandIn, StringComparison.Ordinal).Replace("{session}", StandIn, StringComparison.Ordinal));
        QueryNames(sent.RequestUri).ShouldBe(query.Select(parameter => parameter.Name!), ignoreOrder: true);
        (sent.Content is not null).ShouldBe(attribute.Method.Method != "GET", "mutations have a body, reads have none");

        string[] headers = [.. method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HeaderAttribute>()?.Header)
            .OfType<string>()];
        headers.ShouldAllBe(header => sent.Headers.GetValues(header).Single() == StandIn);

        RouteEndpoint route = ServerRoutes().Single(route =>
            route.RoutePattern.RawText == attribute.Path
            && route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains(attribute.Method.Method));
        query.Select(parameter => parameter.Name!).ShouldBeSubsetOf(
            route.Metadata.GetMetadata<RouteParameters>()!.Parameters.Select(parameter => parameter.Name));
        headers.ShouldBeSubsetOf(route.Metadata.GetMetadata<RouteParameters>()!.InHeaders.Select(parameter => parameter.Name));
    }

    private static bool IsQuery(ParameterInfo parameter, string path) =>
        parameter.ParameterType == typeof(string)
        && parameter.GetCustomAttribute<BodyAttribute>() is null
        && parameter.GetCustomAttribute<HeaderAttribute>() is null
        && !path.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal);

    private static async Task<HttpRequestMessage> CallAsync(MethodInfo method)
    {
        using RecordingHandler recorder = new();
        object?[] arguments = [.. method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(string) ? (object)StandIn
            : parameter.ParameterType == typeof(HttpContent) ? new ByteArrayContent([])
            : parameter.ParameterType == typeof(Attempts) ? new Attempts(reads: true)
            : CancellationToken.None)];
        await (Task)method.Invoke(RaveApiFactory.Create(recorder), arguments)!;
        return recorder.Sent!;
    }

    private static IEnumerable<string> QueryNames(Uri uri) =>
        uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')[0]);

    private static List<RouteEndpoint> ServerRoutes()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(
            new ServedDatabase("/", NullLogger.Instance, TimeProvider.System, new Limits(), new ClientTimeouts()));
        WebApplication app = builder.Build();
        app.MapRave();
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    private sealed class RecordingHandler : HttpMessageHandler
    {
        internal HttpRequestMessage? Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent = request;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
        }
    }
}
