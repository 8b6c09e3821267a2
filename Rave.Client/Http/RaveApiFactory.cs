#if REFIT
using Rave.Server.Leadership;
#endif

namespace Rave.Client.Http;

// IRaveApi over a location's socket, either way it was built.
internal static class RaveApiFactory
{
    internal static IRaveApi Create(HttpMessageHandler handler)
    {
#if REFIT
        HttpClient http = new(handler)
        {
            BaseAddress = new(LocalSocket.BaseAddress),
            // The failover handler bounds every operation by the handle's own timeout.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return Refit.RestService.ForGenerated<IRaveApi>(http, new Refit.RefitSettings
        {
            // Refit would otherwise put its own version on every request.
            Version = http.DefaultRequestVersion,
            // And wrap what the failover handler throws, which says what became of the request.
            TransportExceptionFactory = (_, failure, _) => failure,
        });
#else
        return new RaveApi(new(handler));
#endif
    }
}
