using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Rave.Server.Endpoints;
using Rave.Server.Location;
using Rave.Server.Requests;
using Rave.Server.Serving;

namespace Rave.Server.Hosting;

// Kestrel, embedded in a program of a user: it handles no signals, reads no configuration and no environment, writes no log,
// and opens a TCP port only on request.
internal sealed class LeaderHost : IAsyncDisposable
{
    // For every request that the contract allows. Kestrel's default of 8 KiB is too small for long keys.
    private const int RequestLineBytes = 1 << 20;

    private readonly WebApplication _app;

    private readonly ConnectionGate _gate;

    private LeaderHost(WebApplication app, ConnectionGate gate) => (_app, _gate) = (app, gate);

    internal static async Task<LeaderHost> StartAsync(
        DatabaseLocation location,
        LeaderSocket socket,
        LoopbackAccess? loopback,
        ServedDatabase served,
        LeaderOptions options,
        CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = typeof(LeaderHost).Assembly.GetName().Name });
        ConnectionGate gate = new(options.Limits.Connections, options.Time);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, location, loopback, options, gate));
        Listen(builder, socket, loopback, gate);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        builder.Services.AddSingleton(served);
        QuietTelemetry.AddTo(builder.Services);

        WebApplication app = builder.Build();
        Route(app, served, location, loopback, options.Group);
        try
        {
            await app.StartAsync(cancellationToken);
            return new(app, gate);
        }
        catch
        {
            await app.DisposeAsync();
            gate.Dispose();
            throw;
        }
    }

    // Closes the listener, lets requests end, and aborts those that take longer than the drain timeout.
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
        }
        finally
        {
            await _app.DisposeAsync();
            _gate.Dispose();
        }
    }

    private static void Configure(
        KestrelServerOptions kestrel,
        DatabaseLocation location,
        LoopbackAccess? loopback,
        LeaderOptions options,
        ConnectionGate gate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytes;
        kestrel.Limits.MaxRequestBufferSize = 2 * RequestLineBytes;
        kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
        kestrel.Limits.RequestHeadersTimeout = options.ClientTimeouts.Headers;
        kestrel.Limits.KeepAliveTimeout = options.ClientTimeouts.Idle;
        kestrel.Limits.MinRequestBodyDataRate = new(options.ClientTimeouts.BodyBytesPerSecond, options.ClientTimeouts.BodyGrace);
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        if (OperatingSystem.IsWindows())
        {
            kestrel.ListenNamedPipe(location.PipeName, listen => Serve(listen, gate));
        }
        else
        {
            kestrel.Listen(location.SocketEndPoint, listen =>
            {
                Serve(listen, gate);
                listen.Use(next => connection => HostLine.RunAsync(connection, next));
            });
        }

        foreach (IPEndPoint endPoint in loopback?.Port.EndPoints ?? [])
        {
            kestrel.Listen(endPoint, listen => Serve(listen, gate));
        }
    }

    private static void Serve(ListenOptions listen, ConnectionGate gate)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection => gate.RunAsync(connection, next));
    }

    private static void Listen(WebApplicationBuilder builder, LeaderSocket socket, LoopbackAccess? loopback, ConnectionGate gate)
    {
        if (OperatingSystem.IsWindows())
        {
            builder.WebHost.UseNamedPipes();
        }
        else
        {
            builder.Services.AddSingleton<IConnectionListenerFactory>(
                services => ActivatorUtilities.CreateInstance<GatedTransport>(services, gate));
        }

        builder.Services.Configure<SocketTransportOptions>(transport =>
        {
            // Kestrel listens on sockets that are bound already.
            transport.CreateBoundListenSocket =
                address => address is IPEndPoint endPoint ? loopback!.Port.SocketOf(endPoint) : socket.Bind();
            // One thread of the pool receives a request and answers it, instead of three threads in turn. It delays only its own
            // connection.
            transport.UnsafePreferInlineScheduling = true;
        });
    }

    private static void Route(
        WebApplication app, ServedDatabase served, DatabaseLocation location, LoopbackAccess? loopback, GroupAccess? group)
    {
        app.MapRave();
        app.MapDocument();
        RouteTable table = new(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints));
        RequestPipeline pipeline = new(table, served);
        app.Use(pipeline.MeasureAsync);
        app.Use(pipeline.AnswerFailuresAsync);
        app.Use(RequestPipeline.CheckMethodAsync);
        app.Use((context, next) =>
        {
            Authorize(context, location, loopback, group, served.Logger);
            return next(context);
        });
        if (loopback is not null)
        {
            app.UseDocs();
        }

        app.Use(pipeline.CheckTargetAsync);
        app.UseRouting();
        app.Use(RequestPipeline.CheckQueryAsync);
        app.UseEndpoints(_ => { });
    }

    // A named pipe checks the user itself. On a unix socket, the kernel knows the user. Over TCP, the client must send the token.
    private static void Authorize(
        HttpContext context, DatabaseLocation location, LoopbackAccess? loopback, GroupAccess? group, ILogger logger)
    {
        switch (context.Features.Get<IConnectionSocketFeature>()?.Socket)
        {
            case null when OperatingSystem.IsWindows():
                break;
            case { AddressFamily: AddressFamily.Unix } socket:
                RejectUntrustedUser(socket, location, group, logger);
                if (context.Features.Get<IConnectionItemsFeature>() is { } connection && HostLine.IsRewritten(connection.Items))
                {
                    context.Response.Headers.Connection = "close";
                }

                break;
            default:
                LoopbackAccess access = loopback
                    ?? throw new RaveException(ErrorCodes.Forbidden, "This database is served over its socket only.");
                access.Guard.Check(context);
                break;
        }
    }

    // The mode of the socket keeps other users out. This check also holds after somebody has changed the mode.
    private static void RejectUntrustedUser(Socket socket, DatabaseLocation location, GroupAccess? group, ILogger logger)
    {
        if (PeerCredentials.FindUntrustedUser(socket, location, group) is { } user)
        {
            Log.UserRejected(logger, location.Directory, user);
            throw new RaveException(
                ErrorCodes.Forbidden,
                "This database is served only to its owner, to the user of its leader, to root,"
                    + " and to the members of the group that rave-server got with --group.");
        }
    }

    // The default lifetime would handle SIGTERM and SIGINT, and stop only this host. The program decides when it ends.
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
