namespace Rave.Server.Protocol;

internal static class MediaTypes
{
    internal const string Json = "application/json";
    internal const string Ndjson = "application/x-ndjson";

    // Lines of JSON have no registered media type. Tools use several.
    internal static readonly string[] Lines =
    [
        Ndjson, "application/ndjson", "application/jsonl", "application/x-jsonl",
        "application/jsonlines", "application/x-jsonlines", "application/json-lines",
    ];

    // The binary forms of the .NET client. The version is a parameter, so that a leader can refuse one that it does not know.
    internal const string OperationsForm = "application/vnd.rave.operations";
    internal const string EntriesForm = "application/vnd.rave.entries";

    // Spelled as .NET writes parameters, so that the usual header is only compared and not parsed.
    internal const string Operations = OperationsForm + "; v=1";
    internal const string Entries = EntriesForm + "; v=1";

    internal const string Problem = "application/problem+json";
    internal const string Bytes = "application/octet-stream";
    internal const string Text = "text/plain; charset=utf-8";
    internal const string Events = "text/event-stream";
}
