using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class ManyOperations
{
    private const string Binary =
        $"{MediaTypes.Operations} is accepted too, and {MediaTypes.Entries} is sent on request. These are binary forms.";

    private static readonly Body Keys = new(MediaTypes.Json, "Keys", """{"keys":["fruit/apple","fruit/cherry"]}""");
    private static readonly Reply NotJson = Reply.Problem(415, ErrorCodes.InvalidRequest);
    private static readonly Reply TooLarge = Reply.Problem(413, ErrorCodes.TooLarge);
    private static readonly Reply NoSnapshot = Reply.Problem(410, ErrorCodes.SnapshotNotOpen);

    internal static readonly Operation[] All =
    [
        new("POST", Routes.GetMany, "getMany", "Read many values at one moment",
            new Reply(200, "The entries in the order of the keys, and null for missing ones.") {
                Body = new(MediaTypes.Json, "Entries", """{"entries":[{"key":"fruit/apple","value":"red"},null]}""") },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound), NoSnapshot, TooLarge, NotJson,
                Reply.Problem(422, ErrorCodes.DecodeError))
        {
            Description = Binary,
            Request = Keys,
        },
        new("POST", Routes.HasMany, "hasMany", "Check which of many keys exist, at one moment",
            new Reply(200, "Whether each key exists, in the order of the keys.") {
                Body = new(MediaTypes.Json, "Found", """{"found":[true,false]}""") },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound), NoSnapshot, TooLarge, NotJson)
        {
            Request = Keys,
        },
        new("POST", Routes.Batch, "batch", "Apply many operations, all or none",
            [new Reply(204, "All of them are applied, in order."),
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.InvalidValue, ErrorCodes.InvalidBatch, ErrorCodes.EncodingNotFound),
            Reply.Problem(412, ErrorCodes.PreconditionFailed), TooLarge, NotJson, .. Operations.Once, .. Operations.Writing])
        {
            Description = "A check compares the state before the batch. If one fails, nothing is written. " + Binary,
            Request = new(MediaTypes.Json, "Batch", """[{"type":"check","key":"fruit/apple","exists":false},"""
                + """{"type":"put","key":"fruit/apple","value":"red"},{"type":"del","key":"fruit/cherry"}]"""),
        },
    ];
}
