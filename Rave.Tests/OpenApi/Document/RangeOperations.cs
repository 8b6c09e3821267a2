using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class RangeOperations
{
    private static readonly Reply BadRange =
        Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.InvalidContinuation, ErrorCodes.EncodingNotFound);
    private static readonly Reply NoSnapshot = Reply.Problem(410, ErrorCodes.SnapshotNotOpen);

    private const string Lines = "{\"key\":\"fruit/apple\",\"value\":\"red\"}\n{\"key\":\"fruit/cherry\",\"value\":\"dark red\"}\n";

    internal static readonly Operation[] All =
    [
        new("GET", Routes.Entries, "getEntries", "Read a range, in pages or as one stream",
            new Reply(200, "The entries in the order of their keys' bytes, and where to continue: null at the end.")
            {
                Body = new(MediaTypes.Json, "Page",
                    """{"entries":[{"key":"fruit/apple","value":"red"}],"continuation":"AQYAAAxmcnVpdC9hcHBsZQ"}"""),
                Headers = [new("Link", "The complete next request. Missing at the end.",
                    "</v1/entries?prefix=fruit/&continuation=AQYAAAxmcnVpdC9hcHBsZQ>; rel=\"next\"")],
            },
            new Reply(200, "The whole range, one entry per line.") { Body = new(MediaTypes.Ndjson, null, Lines) },
            BadRange, NoSnapshot, Reply.Problem(422, ErrorCodes.DecodeError))
        {
            Description = "Without bounds, it reads the whole database. If both bounds of a pair are given, the inclusive one wins. "
                + "A page has at least one entry. All lines show one moment. A stream that cannot be completed is cut.",
        },
        new("POST", Routes.Entries, "loadEntries", "Load many entries from a stream",
            [new Reply(200, "All entries were written.") { Body = new(MediaTypes.Json, "Loaded", """{"written":2}""") },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.InvalidValue, ErrorCodes.EncodingNotFound),
            Reply.Problem(413, ErrorCodes.TooLarge),
            Reply.Problem(415, ErrorCodes.InvalidRequest), .. Operations.Writing])
        {
            Description = "One entry per line. The entries are written in batches, so a failed load may be written in part. "
                + "The error says how many lines were written, and names an invalid line by its number.",
            Request = new(MediaTypes.Ndjson, null, Lines),
        },
        new("DELETE", Routes.Entries, "clearEntries", "Delete a range",
            [new Reply(204, "Deleted."), BadRange, NoSnapshot, .. Operations.Once, .. Operations.Writing])
        {
            Description = "Needs a bound, a prefix, or all=true. It deletes in atomic chunks. If it fails, deleted entries stay deleted, "
                + "and the failure says how many.",
        },
        new("GET", Routes.Count, "count", "Count the keys of a range",
            new Reply(200, "How many, at one moment.") { Body = new(MediaTypes.Json, "Count", """{"count":2}""") },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound), NoSnapshot),
    ];
}
