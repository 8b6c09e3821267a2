using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Serving;

namespace Rave.Server.Endpoints;

// A session begins with its first write. Clients end it here.
internal static class SessionEndpoints
{
    internal static void MapSession(this IEndpointRouteBuilder routes) => routes.MapDelete(Routes.Session, End).AllowParameters();

    private static async Task<NoContent> End(RaveRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        string session = request.Session();
        if (!IdempotencyKey.IsSession(session))
        {
            throw new RaveException(ErrorCodes.InvalidRequest, "The name of a session has 16 to 64 characters: A-Z, a-z, 0-9, _ and -.");
        }

        await served.Store.EndSessionAsync(session, cancellationToken);
        return TypedResults.NoContent();
    }
}
