namespace Rave.Tests.Etcd;

// The whole list of what is different on etcd, and why. docs/etcd.md has the same rows, and says what is there instead. Everything else
// that the tests of the HTTP contract show holds at a gateway too. DifferenceTests compares the list with the page and with the tests.
internal static class Differences
{
    internal const string Leader = "leader, election, step-down";
    internal const string Status = "status";
    internal const string Files = "properties, approximate size, compaction";
    internal const string Value = "a value";
    internal const string Batch = "a batch";
    internal const string SameKey = "the same key twice in a batch";
    internal const string Snapshot = "a snapshot";
    internal const string Feed = "the change feed";
    internal const string Id = "the id of a change";
    internal const string Clear = "a clear in the change feed";
    internal const string Nothing = "a delete of a key that does not exist";
    internal const string Retry = "a retry with `Idempotency-Key`";
    internal const string Malformed = "a malformed request with `Idempotency-Key`";
    internal const string Sessions = "sessions";

    internal static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        [Leader] = "Etcd elects the leader of the cluster. No process of ours leads.",
        [Status] = "A gateway has no leader, no files and no options of LevelDB.",
        [Files] = "Etcd has no figures of a range on disk. Its compaction ends the history of all its users.",
        [Value] = "Etcd limits the bytes of a request.",
        [Batch] = "Etcd limits the operations and the bytes of a transaction.",
        [SameKey] = "Etcd takes a key once in a transaction.",
        [Snapshot] = "A revision of the cluster needs no process that keeps it.",
        [Feed] = "Etcd keeps the history on disk, so no memory of ours limits it.",
        [Id] = "Etcd counts the revisions of all databases on the cluster, and has no counter of batches for each.",
        [Clear] = "Etcd reports every key of a range that it deletes.",
        [Nothing] = "Etcd changes nothing for it, so there is no revision that could be reported.",
        [Retry] = "The record is in the cluster, with the outcome.",
        [Malformed] = "A gateway keeps nothing, and a malformed request never reaches the cluster.",
        [Sessions] = "Etcd removes their records by a lease, and does not count them.",
    };
}

// On a test, or an override of a test, that asserts how etcd differs.
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class DiffersAttribute(string difference) : Attribute
{
    internal string Difference => difference;
}
