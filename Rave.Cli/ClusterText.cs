using Rave.Server.Protocol;

namespace Rave.Cli;

// The status of a cluster, for a terminal.
internal static class ClusterText
{
    internal static string Of(Status status)
    {
        ClusterStatus cluster = status.Cluster!;
        string leader = cluster.Leader is null ? "none"
            : cluster.Members.FirstOrDefault(member => member.Leads)?.Address
                ?? $"member {cluster.Leader}, which the location does not name";
        string versions = string.Join(", ", status.Versions.Select(version => $"{NameOf(version.Key)} {version.Value}"));
        return string.Join('\n', (string[])
        [
            $"location   {status.Location}",
            $"cluster    {cluster.Id ?? "not known"}",
            $"leader     {leader}",
            $"term       {Number(cluster.Term)}",
            $"revision   {Number(cluster.Revision)}",
            $"alarms     {Alarms(cluster.Alarms)}",
            $"versions   {versions}",
            .. cluster.Members.Select(member => $"member     {member.Address}  {Describe(member, cluster)}"),
        ]);
    }

    private static string Describe(MemberStatus member, ClusterStatus cluster)
    {
        if (member.Failure is not null)
        {
            return member.Failure;
        }

        string role = member.Leads ? "leads" : member.Learner ? "learns" : cluster.Leader is null ? "has no leader" : "follows";
        string quota = member.Quota is { } bytes ? $", quota {bytes:N0}" : "";
        string alarms = member.Alarms is { Count: > 0 } ? $", alarms {Alarms(member.Alarms)}" : "";
        return $"{role}, etcd {member.Version}, {member.SizeOnDisk:N0} bytes on disk, {member.SizeInUse:N0} in use{quota}{alarms}";
    }

    private static string Alarms(IReadOnlyList<string>? alarms) =>
        alarms is null ? "not known" : alarms.Count == 0 ? "none" : string.Join(", ", alarms);

    private static string Number(long? number) => number is null ? "not known" : $"{number:N0}";

    private static string NameOf(string version) => version == "service" ? "RaveLevel" : version;
}
