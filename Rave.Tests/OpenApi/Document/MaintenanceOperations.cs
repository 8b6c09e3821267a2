using Rave.Client;
using Rave.Server.Protocol;

namespace Rave.Tests.OpenApi.Document;

internal static class MaintenanceOperations
{
    // Of an engine that keeps its data elsewhere, such as a cluster.
    private static readonly Reply NotOffered = Reply.Problem(501, ErrorCodes.NotSupported);

    private static readonly Reply BadBound = Reply.Problem(400, ErrorCodes.InvalidKey, ErrorCodes.EncodingNotFound);

    internal static readonly Operation[] All =
    [
        new("GET", Routes.Property, "getProperty", "Read one of LevelDB's own properties",
            new Reply(200, "Its text.") { Body = new(MediaTypes.Text, null, "262144") },
            Reply.Problem(404, ErrorCodes.NotFound), NotOffered)
        {
            Part = new("name", "leveldb.stats, leveldb.sstables, leveldb.approximate-memory-usage or leveldb.num-files-at-level0 to 6.",
                "leveldb.approximate-memory-usage"),
        },
        new("GET", Routes.ApproximateSize, "approximateSize", "Estimate the bytes of a range on disk",
            new Reply(200, "Bytes in files. The latest writes are still in memory and are not counted.") {
                Body = new(MediaTypes.Json, "Size", """{"bytes":1048576}""") },
            BadBound, NotOffered),
        new("POST", Routes.Compact, "compact", "Rewrite a range without overwritten and deleted entries",
            new Reply(204, "Done."), BadBound, Reply.Problem(403, ErrorCodes.ReadOnly), NotOffered, Reply.Problem(507, ErrorCodes.IoError))
        {
            Description = "Runs in steps. It ends early if the client disconnects or the leader stops. "
                + "Only one runs at a time. Others wait.",
        },
    ];
}
