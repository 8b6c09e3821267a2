using Rave.Server.Hosting;
using Refit;

namespace Rave.Client.Failover;

// Creates the implementation of IRaveApi that Refit generates.
internal static class RaveApiFactory
{
    internal static IRaveApi Create(HttpMessageHandler handler)
    {
        HttpClient http = new(handler)
        {
            BaseAddress = new(LocalSocket.BaseAddress),
            // The failover handler has the timeout of each operation.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return RestService.ForGenerated<IRaveApi>(http, new RefitSettings
        {
            // Otherwise Refit sets its own version on every request,
            Version = http.DefaultRequestVersion,
            // and wraps the exceptions of the failover handler.
            TransportExceptionFactory = (_, failure, _) => failure,
        });
    }
}
