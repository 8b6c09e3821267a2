namespace Rave.Server.Protocol;

// The cluster of a database, as its members describe it: a part of the answer of GET /v1/status. What no member has told is null.
internal sealed record ClusterStatus(
    // In hex, as the tools of etcd print it.
    string? Id,
    // The id of the member that leads, which the location may not name. Null if none leads.
    string? Leader,
    long? Term,
    long? Revision,
    // Of all members, also of those that the location does not name.
    IReadOnlyList<string>? Alarms,
    // Those that the location names, in its order.
    IReadOnlyList<MemberStatus> Members)
{
    // Of the leader, otherwise of any member that has answered.
    internal string? Version =>
        (Members.FirstOrDefault(member => member.Leads) ?? Members.FirstOrDefault(member => member.Version is not null))?.Version;
}

// One member. If it did not answer, only its address and the failure are known.
internal sealed record MemberStatus(
    string Address,
    string? Failure = null,
    string? Id = null,
    string? Version = null,
    bool Leads = false,
    bool Learner = false,
    long? Term = null,
    long? Revision = null,
    // In bytes, like the next two.
    long? SizeOnDisk = null,
    long? SizeInUse = null,
    // From etcd 3.6 on.
    long? Quota = null,
    IReadOnlyList<string>? Alarms = null);
