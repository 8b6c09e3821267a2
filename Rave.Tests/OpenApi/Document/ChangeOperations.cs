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
        new("GET", Routes.Changes, "watchChanges", "Watch all changes as they are applied",
            new Reply(200, "Server-sent events: `put`, `del`, `clear` and `gap`, and a comment every 10 seconds; "
                + "The stream ends with its leader.")
            {
                Body = new(MediaTypes.Events, null, Events),
                Headers = [new(Parameter.LastEventId.Name,
                    "The place where the stream begins, to resume before the first event. Missing if the stream begins with a gap.",
                    "1893456000000-16.0")],
            },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound), Reply.Problem(422, ErrorCodes.DecodeError),
            Reply.Problem(429, ErrorCodes.TooMany), Reply.Problem(503, ErrorCodes.Overloaded), Reply.Problem(507, ErrorCodes.IoError))
        {
            Description = "An id is `epoch-sequence.i`. A batch has one sequence, and its last event in the range has `\"last\":true`. "
                + "A clear is reported in chunks, with an inclusive from and to. "
                + "After a gap, read the data again. A change that does not fit the encoding cuts the stream, "
                + "and a client that resumes there gets 422 with its key.",
        },
    ];
}
