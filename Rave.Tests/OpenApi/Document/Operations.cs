using Rave.Client;

namespace Rave.Tests.OpenApi.Document;

// All that is said of the routes, a file a family. It is apart from the routes so that nothing of it is made before somebody asks for the
// document.
internal static class Operations
{
    // What any route may answer; a status that an operation lists itself gets these codes besides.
    internal static readonly IReadOnlyList<Reply> Common =
    [
        Reply.Problem(400, ErrorCodes.InvalidRequest),
        Reply.Problem(403, ErrorCodes.Forbidden),
        Reply.Problem(500, ErrorCodes.IoError, ErrorCodes.Corruption),
        Reply.Problem(503, ErrorCodes.DatabaseNotOpen),
    ];

    // Of writes that may belong to a session.
    internal static readonly Reply[] Once = [Reply.Problem(409, ErrorCodes.StaleRetry), Reply.Problem(429, ErrorCodes.TooMany)];

    // Of routes that write.
    internal static readonly Reply[] Writing =
        [Reply.Problem(403, ErrorCodes.ReadOnly), Reply.Problem(503, ErrorCodes.Overloaded), Reply.Problem(507, ErrorCodes.IoError)];

    // Last, for the families use what is above.
    internal static readonly IReadOnlyList<Operation> All =
    [
        .. Family("One entry", EntryOperations.All),
        .. Family("Many entries", ManyOperations.All),
        .. Family("Ranges", RangeOperations.All),
        .. Family("Snapshots", SnapshotOperations.All),
        .. Family("Sessions", SessionOperations.All),
        .. Family("Change feed", ChangeOperations.All),
        .. Family("Maintenance", MaintenanceOperations.All),
        .. Family("Service", ServiceOperations.All),
    ];

    private static IEnumerable<Operation> Family(string name, Operation[] operations) =>
        operations.Select(operation => operation with { Family = name });
}
