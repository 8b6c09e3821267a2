using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Rave.Server.Contracts;
using Rave.Server.Endpoints;
using Rave.Server.OpenApi;

namespace Rave.Server.Leadership;

// Kestrel, as a guest in somebody's program: no signal handler, no configuration, no environment, no log, no TCP port.
internal sealed class LeaderHost : IAsyncDisposable
{
    // Everything that the contract allows fits a request line; Kestrel's own 8 KiB would not hold a long key.
    private const int RequestLineBytes = 1 << 20;

    private readonly WebApplication _app;

    private LeaderHost(WebApplication app) => _app = app;

    internal static async Task<LeaderHost> StartAsync(
        DatabaseLocation location, LeaderSocket socket, ServedDatabase served, LeaderOptions options, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(LeaderHost).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, location, options));
        Listen(builder, socket);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, GuestLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        builder.Services.AddSingleton(served);
        QuietTelemetry.AddTo(builder.Services);

        WebApplication app = builder.Build();
        Route(app, served, location);
        try
        {
            await app.StartAsync(cancellationToken);
            return new(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // Closes the listener, lets requests end, cuts those that do not.
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
        }
        finally
        {
            await _app.DisposeAsync();
        }
    }

    private static void Configure(KestrelServerOptions kestrel, DatabaseLocation location, LeaderOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytes;
        kestrel.Limits.MaxRequestBufferSize = 2 * RequestLineBytes;
        kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
        kestrel.Limits.MaxConcurrentConnections = options.Limits.Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        if (OperatingSystem.IsWindows())
        {
            kestrel.ListenNamedPipe(location.PipeName, listen => listen.Protocols = HttpProtocols.Http1);
        }
        else
        {
            kestrel.Listen(location.SocketEndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        }
    }

    private static void Listen(WebApplicationBuilder builder, LeaderSocket socket)
    {
        if (OperatingSystem.IsWindows())
        {
            builder.WebHost.UseNamedPipes();
        }
        else
        {
            // Whatever address Kestrel was told, this is the socket.
            builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => socket.Bind());
        }
    }

    private static void Route(WebApplication app, ServedDatabase served, DatabaseLocation location)
    {
        app.MapRave();
        app.MapDocument();
        RouteTable table = new(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints));
        RequestPipeline pipeline = new(table, served);
        app.Use(pipeline.MeasureAsync);
        app.Use(pipeline.AnswerFailuresAsync);
        if (!OperatingSystem.IsWindows())
        {
            app.Use((context, next) =>
            {
                RefuseStranger(context, location, served.Logger);
                return next(context);
            });
        }

        app.Use(pipeline.CheckTargetAsync);
        app.UseRouting();
        app.Use(RequestPipeline.CheckQueryAsync);
        app.UseEndpoints(_ => { });
    }

    // The socket's mode keeps other users out; this holds where somebody has widened it.
    private static void RefuseStranger(HttpContext context, DatabaseLocation location, ILogger logger)
    {
        if (PeerCredentials.Stranger(context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket, location) is { } user)
        {
            Log.StrangerRefused(logger, location.Directory, user);
            throw new LevelException(ErrorCodes.Forbidden, "This database is served to its owner, to the user of its leader and to root.");
        }
    }

    // The program around us decides when it ends: the default lifetime would catch SIGTERM and SIGINT and stop only this host.
    private sealed class GuestLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
