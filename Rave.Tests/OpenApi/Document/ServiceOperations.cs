using Rave.Client;
using Rave.Server.Metrics;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class ServiceOperations
{
    private const string Status =
        """
        {"leader":{"pid":4711,"epoch":1893456000000,"since":"2030-01-01T00:00:00+00:00","program":"rave-server"},
        "location":"/home/me/db","versions":{"service":"0.1.0","levelDb":"1.23"},
        "uptimeSeconds":12.5,"limits":{"keyBytes":65536,"valueBytes":67108864},
        "counters":{"gets":3,"writes":2,"scans":1,"clears":0,"errors":0,"followers":1,"subscribers":0,"snapshots":0},"sizeOnDisk":4096}
        """;

    // At a gateway.
    private static readonly Reply NoLeader = Reply.Problem(501, ErrorCodes.NotSupported);

    internal static readonly Operation[] All =
    [
        new("GET", Routes.Status, "status", "Show the leader, its limits and its counters",
            new Reply(200, "As it is now.") { Body = new(MediaTypes.Json, "Status", Status) }),
        new("GET", Routes.Leader, "watchLeader", "Follow the leader",
            new Reply(200, "Server-sent events: `leader` at once, and a comment every 5 seconds. The stream ends with its leader.")
            {
                Body = new(MediaTypes.Events, null, "event: leader\ndata: {\"pid\":4711,\"epoch\":1893456000000,"
                    + "\"since\":\"2030-01-01T00:00:00+00:00\",\"program\":\"rave-server\"}\n\n: alive\n\n"),
            },
            NoLeader),
        new("POST", Routes.StepDown, "stepDown", "Ask the leader to hand over",
            new Reply(202, "It stops normally, and another process takes over if there is one."),
            NoLeader),
        new("GET", Routes.Health, "health", "Check whether reads and writes work",
            new Reply(200, "Both work.") { Body = new(MediaTypes.Text, null, "ok") },
            Reply.Problem(503, ErrorCodes.IoError, ErrorCodes.Corruption, ErrorCodes.Overloaded)),
        new("GET", Routes.Metrics, "metrics", "Read the metrics of this leader in the text format of Prometheus",
            new Reply(200, "The metrics since this leader started.")
            {
                Body = new(PrometheusText.MediaType, null,
                    "# HELP rave_followers Peers that follow this leader.\n# TYPE rave_followers gauge\nrave_followers 1\n"),
            }),
        new("GET", Routes.OpenApi, "openApi", "Read this document",
            new Reply(200, "OpenAPI 3.1.") { Body = new(MediaTypes.Json, "Document", """{"openapi":"3.1.1"}""") }),
    ];
}
