using Rave.Server.Requests;

namespace Rave.Server.Endpoints;

// The list of everything that a leader serves.
internal static class RaveEndpoints
{
    internal static void MapRave(this IEndpointRouteBuilder routes)
    {
        routes.MapEntry();
        routes.MapMany();
        routes.MapRange();
        routes.MapSnapshot();
        routes.MapSession();
        routes.MapChanges();
        routes.MapMaintenance();
        routes.MapService();
        routes.MapLeader();
    }

    // The parameters that a route takes; any other is refused.
    internal static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params Parameter[] parameters) =>
        route.WithMetadata(new RouteParameters(parameters));
}
