using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Rave.Server.Endpoints;
using Rave.Server.Protocol;
using Rave.Server.Requests;

namespace Rave.Server.Hosting;

// Swagger UI at /docs. It is for browsers, so only the loopback port has it. Its assembly is not loaded before UseDocs is called.
internal static class DocsPage
{
    internal static void UseDocs(this IApplicationBuilder app) => app.UseWhen(IsAskedFor, docs => docs.UseSwaggerUI(page =>
    {
        page.RoutePrefix = Routes.Docs.TrimStart('/');
        page.DocumentTitle = "RaveLevel";
        page.SwaggerEndpoint(Routes.OpenApi, "RaveLevel v1");
    }));

    private static bool IsAskedFor(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>() is { Socket.AddressFamily: not AddressFamily.Unix }
        && LoopbackGuard.IsDocs(RequestTarget.Parse(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
}
