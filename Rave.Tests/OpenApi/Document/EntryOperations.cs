using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class EntryOperations
{
    private static readonly PathPart Key =
        new("key", "The key: the text after /v1/kv/, percent-decoded once. A slash need not be escaped.", "hello");
    private static readonly ReplyHeader ETag =
        new("ETag", "Identifies the bytes of the value: half of their SHA-256.", "\"486ea46224d1bb4fb680f34f7c9ad96a\"");
    private static readonly Body Value = new(MediaTypes.Bytes, null, "world");
    private static readonly Reply NotModified = new(304, "The ETag of the value is in If-None-Match.") { Headers = [ETag] };
    private static readonly Reply BadKey = Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound);
    private static readonly Reply Failed = Reply.Problem(412, ErrorCodes.PreconditionFailed);
    private static readonly Reply TooLarge = Reply.Problem(413, ErrorCodes.TooLarge);

    internal static readonly Operation[] All =
    [
        new("GET", Routes.Entry, "getEntry", "Read a value", [.. Reading(Value)])
        {
            Part = Key,
            // Not as a separate reply: with a second reply without a body, generators drop the value.
            Description = "If the ETag of the value is in If-None-Match, the answer is 304 with this ETag and without a body.",
        },
        new("HEAD", Routes.Entry, "headEntry", "Check whether a key exists, and get the length and the ETag of its value",
            [NotModified, .. Reading(null)]) { Part = Key },
        new("PUT", Routes.Entry, "putEntry", "Write a value",
            [new Reply(204, "Written.") { Headers = [ETag] }, BadKey, Failed, TooLarge, .. Operations.Once, .. Operations.Writing])
        {
            Part = Key,
            Request = Value,
            Description = "The body is the value. Its Content-Type is ignored.",
        },
        new("DELETE", Routes.Entry, "deleteEntry", "Delete an entry",
            [new Reply(204, "Deleted, or not there."), BadKey, Failed, TooLarge, .. Operations.Once, .. Operations.Writing]) { Part = Key },
    ];

    private static Reply[] Reading(Body? body) =>
    [
        new(200, "The value, unchanged.") { Body = body, Headers = [ETag] },
        BadKey,
        Reply.Problem(404, ErrorCodes.NotFound),
        Reply.Problem(410, ErrorCodes.SnapshotNotOpen),
        Failed,
        TooLarge,
    ];
}
