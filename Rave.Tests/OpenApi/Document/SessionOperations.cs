using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class SessionOperations
{
    internal static readonly Operation[] All =
    [
        new("DELETE", Routes.Session, "endSession", "Forget a session",
            [new Reply(204, "The session is forgotten, or was not known."), .. Operations.Writing])
        {
            Description = "Call it only when no write of the session is on its way: a later write would count as a new one. "
                + "Sessions that are not used for 24 hours end by themselves.",
            Part = new("session", "The part before the semicolon in Idempotency-Key.", "0b6f2c1e9d8a4f73"),
        },
    ];
}
