using System.Text.Json;
using Rave.Client;
using Rave.Server.Protocol;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// What each member says about itself, and that it does not answer.
public sealed class StatusTests
{
    [Fact]
    public async Task Each_member_is_described_and_one_leads()
    {
        EtcdMember[] members = await EtcdMember.StartThreeAsync();
        try
        {
            RaveEtcd.Register();
            string location = LocationOf(members);
            await using RaveLevel db = await RaveLevel.OpenAsync(location);
            await db.PutAsync("a", "1");
            Status status = await UntilAsync(
                "all members answer, and one leads",
                () => db.GetStatusAsync(TestContext.Current.CancellationToken).AsTask(),
                cluster => cluster.Leader is not null && cluster.Alarms is not null
                    && cluster.Members.All(member => member.Failure is null));
            status.Location.ShouldBe(location);
            status.Leader.ShouldBeNull();
            status.Versions["etcd"].ShouldStartWith("3.");
            ClusterStatus cluster = status.Cluster!;
            cluster.Alarms.ShouldBeEmpty();
            cluster.Term!.Value.ShouldBePositive();
            cluster.Revision!.Value.ShouldBeGreaterThan(1);
            cluster.Members.Select(member => member.Address).ShouldBe(members.Select(member => $"127.0.0.1:{member.Port}"));
            cluster.Members.Select(member => member.Id).Distinct().Count().ShouldBe(3);
            cluster.Members.Single(member => member.Leads).Id.ShouldBe(cluster.Leader);
            cluster.Members.ShouldAllBe(member => member.Version!.StartsWith("3.") && member.SizeOnDisk > 0 && !member.Learner);
        }
        finally
        {
            await DisposeAsync(members);
        }
    }

    [Fact]
    public async Task Dead_and_hung_members_have_a_line_each_also_if_no_majority_is_left()
    {
        EtcdMember[] members = await EtcdMember.StartThreeAsync();
        try
        {
            await members[0].KillAsync();
            await members[1].Process.SuspendAsync();
            Status status = await UntilAsync(
                "the last member has lost its leader",
                () => RunAsync(LocationOf(members)),
                cluster => cluster.Members[2].Failure is null && cluster.Leader is null);
            ClusterStatus cluster = status.Cluster!;
            cluster.Alarms.ShouldBeNull();
            cluster.Members[0].Failure.ShouldNotBeNullOrEmpty();
            cluster.Members[1].Failure.ShouldBe("no answer within 2 s");
            cluster.Members[2].Version!.ShouldStartWith("3.");
            cluster.Members[2].Alarms.ShouldBeNull();
            cluster.Members.ShouldAllBe(member => !member.Leads);

            await members[2].KillAsync();
            ClusterStatus none = (await RunAsync(LocationOf(members))).Cluster!;
            none.Id.ShouldBeNull();
            none.Members.ShouldAllBe(member => member.Failure != null);
        }
        finally
        {
            await DisposeAsync(members);
        }
    }

    [Fact]
    public async Task A_learner_is_shown_as_one()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using EtcdMember learner = await member.AddLearnerAsync();
        Status status = await UntilAsync(
            "the learner answers",
            () => RunAsync(LocationOf([member, learner])),
            cluster => cluster.Members.All(each => each.Failure is null) && cluster.Leader is not null);
        status.Cluster!.Members.Select(each => each.Learner).ShouldBe([false, true]);
        status.Cluster.Members.Select(each => each.Leads).ShouldBe([true, false]);
    }

    [Fact]
    public async Task An_alarm_is_shown_at_the_cluster_and_at_its_member()
    {
        await using EtcdMember member = await EtcdMember.StartAsync("--quota-backend-bytes=4194304");
        string location = LocationOf([member]);
        RaveEtcd.Register();
        await using RaveLevel<string, byte[]> db = await RaveLevel.OpenAsync(location, Encodings.Utf8, Encodings.Bytes);
        await Should.ThrowAsync<RaveException>(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                await db.PutAsync($"{i}", new byte[200_000]);
            }
        });
        ClusterStatus cluster = (await UntilAsync(
            "the member tells its alarms",
            () => db.GetStatusAsync(TestContext.Current.CancellationToken).AsTask(),
            cluster => cluster is { Id: not null, Alarms: not null })).Cluster!;
        cluster.Alarms.ShouldBe(["NOSPACE"]);
        cluster.Members.Single().Alarms.ShouldBe(["NOSPACE"]);
        cluster.Members.Single().SizeOnDisk!.Value.ShouldBeGreaterThan(2 << 20);
    }

    [Fact]
    public async Task A_user_sees_the_members_and_a_wrong_password_is_a_line()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await member.RequireUsersAsync("app", "me", "secret");
        Status status = await UntilAsync(
            "the member answers", () => RunAsync(LocationOf([member]), "me", "secret"), cluster => cluster.Id is not null);
        status.Cluster!.Members.Single().Leads.ShouldBeTrue();
        status = await UntilAsync(
            "the member refuses",
            () => RunAsync(LocationOf([member]), "me", "wrong"),
            cluster => cluster.Members.Single().Failure!.Contains("authentication failed"));
        status.Cluster!.Id.ShouldBeNull();
    }

    // Asks again: a busy machine may be slower than the members' time to answer.
    private static async Task<Status> UntilAsync(string expectation, Func<Task<Status>> ask, Func<ClusterStatus, bool> holds)
    {
        Status? status = null;
        await Waiting.UntilAsync(expectation, async () => holds((status = await ask()).Cluster!));
        return status!;
    }

    // rave status in a pipe. It does not open the database, which is not there. It ends with 3 if no member answered.
    private static async Task<Status> RunAsync(string location, string? user = null, string? password = null)
    {
        await using ChildProcess rave = ChildProcess.Start(ChildProcess.RavePath, ["status", location], start =>
        {
            start.Environment["RAVE_ETCD_USER"] = user;
            start.Environment["RAVE_ETCD_PASSWORD"] = password;
        });
        string output = await rave.ReadToEndAsync();
        int exit = await rave.WaitForExitAsync();
        Status status = JsonSerializer.Deserialize(output, RaveJson.Legible.Status)!;
        exit.ShouldBe(status.Cluster!.Id is null ? 3 : 0, await rave.Errors);
        return status;
    }

    private static string LocationOf(IEnumerable<EtcdMember> members) =>
        $"etcd://{string.Join(',', members.Select(member => $"127.0.0.1:{member.Port}"))}/app";

    private static async Task DisposeAsync(EtcdMember[] members)
    {
        foreach (EtcdMember member in members)
        {
            await member.DisposeAsync();
        }
    }
}
