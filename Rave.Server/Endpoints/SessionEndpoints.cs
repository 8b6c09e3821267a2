using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Serving;

namespace Rave.Server.Endpoints;

// Sessions begin with their first write; here they are ended by who needs them no more.
internal static class SessionEndpoints
{
    internal static void MapSession(this IEndpointRouteBuilder routes) => routes.MapDelete(Routes.Session, End).Takes();

    private static async Task<NoContent> End(RaveRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        string session = request.Session();
        if (!IdempotencyKey.IsSession(session))
        {
            throw new RaveException(ErrorCodes.InvalidRequest, "A session is 16 to 64 characters of A-Z a-z 0-9 _ -.");
        }

        await served.Store.EndSessionAsync(session, cancellationToken);
        return TypedResults.NoContent();
    }
}
