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
        new("GET", Routes.Entries, "getEntries", "Read a page of a range, or all of it",
            new Reply(200, "The entries in the order of their keys' bytes, and where to go on: null at the end.")
            {
                Body = new(MediaTypes.Json, "Page",
                    """{"entries":[{"key":"fruit/apple","value":"red"}],"continuation":"AQYAAAxmcnVpdC9hcHBsZQ"}"""),
                Headers = [new("Link", "The whole next request, while there is one.",
                    "</v1/entries?prefix=fruit/&continuation=AQYAAAxmcnVpdC9hcHBsZQ>; rel=\"next\"")],
            },
            new Reply(200, "The whole range, an entry a line.") { Body = new(MediaTypes.Ndjson, null, Lines) },
            BadRange, NoSnapshot, Reply.Problem(422, ErrorCodes.DecodeError))
        {
            Description = "Without bounds it is the whole database. When both of a pair are given, the inclusive bound wins. "
                + "A page holds at least one entry. Lines are all of one moment; a stream that cannot be finished is cut.",
        },
        new("POST", Routes.Entries, "loadEntries", "Write many entries as they stream in",
            [new Reply(200, "All of them are written.") { Body = new(MediaTypes.Json, "Loaded", """{"written":2}""") },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.InvalidValue, ErrorCodes.EncodingNotFound),
            Reply.Problem(413, ErrorCodes.TooLarge),
            Reply.Problem(415, ErrorCodes.InvalidRequest), .. Operations.Writing])
        {
            Description = "An entry a line, written in batches: not all or nothing. "
                + "A failure says how many lines were written, and at a bad line its number.",
            Request = new(MediaTypes.Ndjson, null, Lines),
        },
        new("DELETE", Routes.Entries, "clearEntries", "Delete a range",
            [new Reply(204, "Deleted."), BadRange, NoSnapshot, .. Operations.Once, .. Operations.Writing])
        {
            Description = "Needs a bound, a prefix, or all=true. Works in chunks, each atomic: what was deleted stays deleted if it fails.",
        },
        new("GET", Routes.Count, "count", "Count the keys of a range",
            new Reply(200, "How many, at one moment.") { Body = new(MediaTypes.Json, "Count", """{"count":2}""") },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound), NoSnapshot),
    ];
}
