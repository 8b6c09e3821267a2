using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class EntryOperations
{
    private static readonly PathPart Key =
        new("key", "The key: everything behind /v1/kv/, percent-decoded once. A slash may stand as it is.", "hello");
    private static readonly ReplyHeader ETag =
        new("ETag", "Names the value's bytes: half of their SHA-256.", "\"486ea46224d1bb4fb680f34f7c9ad96a\"");
    private static readonly Body Value = new(MediaTypes.Bytes, null, "world");
    private static readonly Reply NotModified = new(304, "The value is one of those in If-None-Match.") { Headers = [ETag] };
    private static readonly Reply BadKey = Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound);
    private static readonly Reply Failed = Reply.Problem(412, ErrorCodes.PreconditionFailed);
    private static readonly Reply TooLarge = Reply.Problem(413, ErrorCodes.TooLarge);

    internal static readonly Operation[] All =
    [
        new("GET", Routes.Entry, "getEntry", "Read a value", [.. Reading(Value)])
        {
            Part = Key,
            // Not as a reply of its own: beside one without a body, generators give the value up.
            Description = "304 without a body, with the ETag, where the value is one of those in If-None-Match.",
        },
        new("HEAD", Routes.Entry, "headEntry", "Look whether a key exists, and at the value's length and ETag",
            [NotModified, .. Reading(null)]) { Part = Key },
        new("PUT", Routes.Entry, "putEntry", "Write a value",
            [new Reply(204, "Written.") { Headers = [ETag] }, BadKey, Failed, TooLarge, .. Operations.Once, .. Operations.Writing])
        {
            Part = Key,
            Request = Value,
            Description = "The body is the value as it is, whatever its Content-Type says.",
        },
        new("DELETE", Routes.Entry, "deleteEntry", "Delete an entry",
            [new Reply(204, "Deleted, or not there."), BadKey, Failed, TooLarge, .. Operations.Once, .. Operations.Writing]) { Part = Key },
    ];

    private static Reply[] Reading(Body? body) =>
    [
        new(200, "The value as it is.") { Body = body, Headers = [ETag] },
        BadKey,
        Reply.Problem(404, ErrorCodes.NotFound),
        Reply.Problem(410, ErrorCodes.SnapshotNotOpen),
        Failed,
        TooLarge,
    ];
}
