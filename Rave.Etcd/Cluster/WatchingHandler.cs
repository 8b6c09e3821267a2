namespace Rave.Etcd.Cluster;

// Between gRPC and the connections.
internal sealed class WatchingHandler(HttpMessageHandler connections) : DelegatingHandler(connections)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sending.Watch(request);
        return base.SendAsync(request, cancellationToken);
    }
}
