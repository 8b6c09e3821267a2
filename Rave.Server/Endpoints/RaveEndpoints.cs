using Rave.Server.Requests;

namespace Rave.Server.Endpoints;

// All routes of a leader.
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

    // The parameters of a route. All others are refused.
    internal static RouteHandlerBuilder AllowParameters(this RouteHandlerBuilder route, params Parameter[] parameters) =>
        route.WithMetadata(new RouteParameters(parameters));
}
