using Rave.Client;
using Rave.Server.Protocol;
using Rave.Server.Requests;

namespace Rave.Tests.OpenApi.Document;

internal static class ChangeOperations
{
    private const string Events =
        """
        : ok

        event: put
        id: 1893456000000-17.0
        data: {"key":"fruit/apple","value":"red","last":true}

        event: clear
        id: 1893456000000-18.0
        data: {"from":"fruit/apple","to":"fruit/cherry","last":true}


        """;

    internal static readonly Operation[] All =
    [
        new("GET", Routes.Changes, "watchChanges", "Be told of every change as it is applied",
            new Reply(200, "Server-sent events: `put`, `del`, `clear` and `gap`, and a comment every 10 seconds; "
                + "ends when this leader does.")
            {
                Body = new(MediaTypes.Events, null, Events),
                Headers = [new(Parameter.LastEventId.Name,
                    "Where the stream begins, to come back to from before its first event; left out where that is a gap.",
                    "1893456000000-16.0")],
            },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound), Reply.Problem(422, ErrorCodes.DecodeError),
            Reply.Problem(429, ErrorCodes.TooMany), Reply.Problem(503, ErrorCodes.Overloaded), Reply.Problem(507, ErrorCodes.IoError))
        {
            Description = "An id is `epoch-sequence.i`: one sequence a batch, whose last event in the range has `\"last\":true`. "
                + "A clear is one chunk, from and to inclusive. "
                + "After a gap, read again what you need. A change that the encoding cannot carry cuts the stream, "
                + "and is named with 422 to who comes back to it.",
        },
    ];
}
