using Rave.Server.Leadership;

namespace Rave.Client.Http;

// IRaveApi over a location's socket, either way it was built.
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
#if REFIT
        // Refit would otherwise put its own version on every request.
        return Refit.RestService.ForGenerated<IRaveApi>(http, new Refit.RefitSettings { Version = http.DefaultRequestVersion });
#else
        return new RaveApi(http);
#endif
    }
}
