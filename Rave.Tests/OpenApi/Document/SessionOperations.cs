using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class SessionOperations
{
    internal static readonly Operation[] All =
    [
        new("DELETE", Routes.Session, "endSession", "Forget a session", [new Reply(204, "Forgotten, or not known."), .. Operations.Writing])
        {
            Description = "For who has no write of it on the way any more: one that came later would count as new. "
                + "Sessions that nobody uses for 24 hours end by themselves.",
            Part = new("session", "What stands before the semicolon in Idempotency-Key.", "0b6f2c1e9d8a4f73"),
        },
    ];
}
