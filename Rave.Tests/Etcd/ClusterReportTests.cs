using Rave.Cli;
using Rave.Etcd;
using Rave.Etcd.Cluster;
using Rave.Etcd.Location;
using Rave.Etcd.Wire;
using Rave.Server.Protocol;

namespace Rave.Tests.Etcd;

// One picture of what members tell, also of members that no test can start here.
public sealed class ClusterReportTests
{
    [Fact]
    public void The_leader_is_the_one_of_the_newest_term()
    {
        ClusterStatus cluster = ClusterReport.Of(
            [Answer(1, leader: 1, term: 4), Answer(2, leader: 2, term: 5), Answer(3, leader: 2, term: 5)]);
        cluster.Leader.ShouldBe("2");
        cluster.Members.Select(member => member.Leads).ShouldBe([false, true, false]);
    }

    [Fact]
    public void A_terminal_shows_a_line_for_each_member_with_quota_and_alarms()
    {
        MemberAnswer full = Answer(0xab, leader: 0xab, term: 5);
        full.Status!.DbSizeQuota = 2_000_000_000;
        full.Alarms!.Alarms.Add(new AlarmMember { Member = 0xab, Alarm = AlarmType.NoSpace });
        // Of a member that the location does not name.
        full.Alarms.Alarms.Add(new AlarmMember { Member = 0xff, Alarm = AlarmType.Corrupt });
        MemberAnswer dead = new(new("::1", 2379), Status: null, Alarms: null, "Connection refused");
        Status status = Status.Of("etcd://h1,[::1]/app", "etcd", new(), ClusterReport.Of([full, dead]));
        ClusterText.Of(status).ShouldBe(
            $"""
            location   etcd://h1,[::1]/app
            cluster    cd
            leader     h171:2379
            term       5
            revision   1,000
            alarms     NOSPACE, CORRUPT
            versions   RaveLevel {ServiceVersion.Text}, etcd 3.6.0
            member     h171:2379  leads, etcd 3.6.0, 30,000 bytes on disk, 20,000 in use, quota 2,000,000,000, alarms NOSPACE
            member     [::1]:2379  Connection refused
            """);
    }

    [Fact]
    public void A_terminal_names_a_leader_that_the_location_does_not_name_and_what_is_not_known()
    {
        MemberAnswer follower = Answer(1, leader: 9, term: 5) with { Alarms = null };
        string text = ClusterText.Of(Status.Of("etcd://h1/app", "etcd", new(), ClusterReport.Of([follower])));
        text.ShouldContain("leader     member 9, which the location does not name\n");
        text.ShouldContain("alarms     not known");
        text.ShouldContain("h1:2379  follows, ");
        MemberAnswer dead = new(new("h1", 2379), Status: null, Alarms: null, "no answer within 2 s");
        ClusterText.Of(Status.Of("etcd://h1/app", "etcd", new(), ClusterReport.Of([dead]))).ShouldBe(
            $"""
            location   etcd://h1/app
            cluster    not known
            leader     none
            term       not known
            revision   not known
            alarms     not known
            versions   RaveLevel {ServiceVersion.Text}
            member     h1:2379  no answer within 2 s
            """);
    }

    private static MemberAnswer Answer(ulong id, ulong leader, ulong term) => new(
        new($"h{id}", EtcdHost.DefaultPort),
        new()
        {
            Header = new() { ClusterId = 0xcd, MemberId = id, Revision = 1_000 },
            Version = "3.6.0",
            Leader = leader,
            RaftTerm = term,
            DbSize = 30_000,
            DbSizeInUse = 20_000,
        },
        new(),
        Failure: null);
}
