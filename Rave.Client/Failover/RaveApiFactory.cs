using Rave.Server.Hosting;
using Refit;

namespace Rave.Client.Failover;

// IRaveApi over a location's socket, as Refit generates it.
internal static class RaveApiFactory
{
    internal static IRaveApi Create(HttpMessageHandler handler)
    {
        HttpClient http = new(handler)
        {
            BaseAddress = new(LocalSocket.BaseAddress),
            // The failover handler bounds every operation by the handle's own timeout.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return RestService.ForGenerated<IRaveApi>(http, new RefitSettings
        {
            // Refit would otherwise put its own version on every request.
            Version = http.DefaultRequestVersion,
            // And wrap what the failover handler throws, which says what became of the request.
            TransportExceptionFactory = (_, failure, _) => failure,
        });
    }
}
