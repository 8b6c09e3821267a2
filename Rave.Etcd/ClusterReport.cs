using System.Globalization;
using Rave.Etcd.Cluster;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;

namespace Rave.Etcd;

// Makes one picture of what the members tell.
internal static class ClusterReport
{
    internal static ClusterStatus Of(MemberAnswer[] answers)
    {
        StatusResponse[] told = [.. answers.Select(answer => answer.Status).OfType<StatusResponse>()];
        // A member that is cut off may still know an earlier leader.
        StatusResponse? newest = told.MaxBy(status => status.RaftTerm);
        AlarmMember[]? alarms = answers.All(answer => answer.Alarms is null)
            ? null
            : [.. answers.SelectMany(answer => answer.Alarms?.Alarms ?? []).Distinct()];
        return new(
            newest is null ? null : Hex(newest.Header.ClusterId),
            newest is null or { Leader: 0 } ? null : Hex(newest.Leader),
            (long?)newest?.RaftTerm,
            told.Length == 0 ? null : told.Max(status => status.Header.Revision),
            alarms is null ? null : NamesOf(alarms),
            [.. answers.Select(answer => Describe(answer, newest?.Leader ?? 0, alarms))]);
    }

    private static MemberStatus Describe(MemberAnswer answer, ulong leader, AlarmMember[]? alarms)
    {
        string address = answer.Host.ToString();
        if (answer.Status is not { } status)
        {
            return new(address, answer.Failure);
        }

        ulong id = status.Header.MemberId;
        return new(
            address,
            Failure: null,
            Hex(id),
            status.Version,
            id == leader,
            status.IsLearner,
            (long)status.RaftTerm,
            status.Header.Revision,
            status.DbSize,
            status.DbSizeInUse,
            status.DbSizeQuota > 0 ? status.DbSizeQuota : null,
            alarms is null ? null : NamesOf(alarms.Where(alarm => alarm.Member == id)));
    }

    private static string[] NamesOf(IEnumerable<AlarmMember> alarms) => [.. alarms.Select(alarm => alarm.Alarm switch
    {
        AlarmType.NoSpace => "NOSPACE",
        AlarmType.Corrupt => "CORRUPT",
        _ => $"{alarm.Alarm}",
    }).Distinct()];

    private static string Hex(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);
}
