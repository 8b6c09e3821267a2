namespace Rave.Server.Contracts;

internal static class MediaTypes
{
    internal const string Json = "application/json";
    internal const string Ndjson = "application/x-ndjson";
    internal const string Problem = "application/problem+json";
    internal const string Bytes = "application/octet-stream";
    internal const string Text = "text/plain; charset=utf-8";
    internal const string Events = "text/event-stream";
}
