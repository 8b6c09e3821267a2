using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class ManyOperations
{
    private const string Binary =
        $"{MediaTypes.Operations} is taken as well, and {MediaTypes.Entries} sent where it is asked for: forms for programs.";

    private static readonly Body Keys = new(MediaTypes.Json, "Keys", """{"keys":["fruit/apple","fruit/cherry"]}""");
    private static readonly Reply NotJson = Reply.Problem(415, ErrorCodes.InvalidRequest);
    private static readonly Reply TooLarge = Reply.Problem(413, ErrorCodes.TooLarge);
    private static readonly Reply NoSnapshot = Reply.Problem(410, ErrorCodes.SnapshotNotOpen);

    internal static readonly Operation[] All =
    [
        new("POST", Routes.GetMany, "getMany", "Read many values, all of one moment",
            new Reply(200, "The entries in the order of the keys, null where there is none.") {
                Body = new(MediaTypes.Json, "Entries", """{"entries":[{"key":"fruit/apple","value":"red"},null]}""") },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound), NoSnapshot, TooLarge, NotJson,
                Reply.Problem(422, ErrorCodes.DecodeError))
        {
            Description = Binary,
            Request = Keys,
        },
        new("POST", Routes.HasMany, "hasMany", "Look which of many keys exist, all at one moment",
            new Reply(200, "Whether each is there, in the order of the keys.") {
                Body = new(MediaTypes.Json, "Found", """{"found":[true,false]}""") },
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound), NoSnapshot, TooLarge, NotJson)
        {
            Request = Keys,
        },
        new("POST", Routes.Batch, "batch", "Write many operations, all or none",
            [new Reply(204, "All of them are applied, in order."),
            Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.InvalidValue, ErrorCodes.InvalidBatch, ErrorCodes.EncodingNotFound),
            Reply.Problem(412, ErrorCodes.PreconditionFailed), TooLarge, NotJson, .. Operations.Once, .. Operations.Writing])
        {
            Description = "A check sees the database as it is before the batch; where one fails, nothing is written. " + Binary,
            Request = new(MediaTypes.Json, "Batch", """[{"type":"check","key":"fruit/apple","exists":false},"""
                + """{"type":"put","key":"fruit/apple","value":"red"},{"type":"del","key":"fruit/cherry"}]"""),
        },
    ];
}
