using System.Net.Security;
using Grpc.Net.Client;
using Rave.Etcd.Location;
using Rave.Etcd.Wire;

namespace Rave.Etcd.Cluster;

// A member and its one channel. We choose the member of each operation, not gRPC: its balancing does not leave a member that hangs, and its
// retries would repeat writes that may have been applied.
internal sealed class Endpoint : IDisposable
{
    // Not under 5 s: members close connections that ping more often (--grpc-keepalive-min-time).
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    // A channel refuses calls between two attempts to connect, by default for up to two minutes: a member that comes back would be left
    // alone for as long.
    private static readonly TimeSpan FirstReconnect = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestReconnect = TimeSpan.FromMilliseconds(500);

    private readonly GrpcChannel _channel;

    internal Endpoint(EtcdHost host, bool tls, SslClientAuthenticationOptions? security)
    {
        Host = host;
        _channel = GrpcChannel.ForAddress(host.Address(tls), new()
        {
            HttpHandler = new WatchingHandler(HandlerOf(security)),
            DisposeHttpClient = true,
            // A page may be larger than gRPC's 4 MiB, and what is too large to send is refused before.
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            MaxRetryAttempts = null,
            InitialReconnectBackoff = FirstReconnect,
            MaxReconnectBackoff = LongestReconnect,
        });
        KV = new(_channel);
        Watch = new(_channel);
        Lease = new(_channel);
        Auth = new(_channel);
        Maintenance = new(_channel);
    }

    internal EtcdHost Host { get; }

    internal KV.KVClient KV { get; }

    internal Watch.WatchClient Watch { get; }

    internal Lease.LeaseClient Lease { get; }

    internal Auth.AuthClient Auth { get; }

    internal Maintenance.MaintenanceClient Maintenance { get; }

    public void Dispose() => _channel.Dispose();

    private static SocketsHttpHandler HandlerOf(SslClientAuthenticationOptions? security)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            // Members close connections that are pinged while nothing runs on them.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = false,
            // A guest in its program: no header of the program's traces goes to etcd, and no request of ours is in the program's spans and
            // figures.
            ActivityHeadersPropagator = null,
            MeterFactory = OwnMeters.Instance,
        };
        if (security is not null)
        {
            handler.SslOptions = security;
        }

        return handler;
    }
}
