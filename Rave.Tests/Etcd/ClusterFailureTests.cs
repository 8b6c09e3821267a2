using Rave.Client;
using Rave.Etcd;
using Rave.Tests.Endpoints;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// What a user over HTTP is told when the cluster is full, has cut its history, has no majority, or does not know the user: the status, the
// code, and a sentence that says what to do. GatewayFailureTests has the members that die and hang.
public sealed class ClusterFailureTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_full_cluster_is_507_for_writes_while_reads_and_deletes_go_on()
    {
        await using EtcdMember member = await EtcdMember.StartAsync("--quota-backend-bytes=4194304");
        await using LiveGateway gateway = await StartAsync([member]);
        string value = new('x', 200_000);
        Answer written;
        int i = 0;
        do
        {
            written = await gateway.PutAsync($"/v1/kv/{i++}", value);
        }
        while (written.Status == 204 && i < 100);

        written.ShouldBeProblem(507, "LEVEL_IO_ERROR").ShouldContain("disarm the alarm");
        (await gateway.PutAsync("/v1/kv/0", value, ("Idempotency-Key", "session-0123456789;1")))
            .ShouldBeProblem(507, "LEVEL_IO_ERROR").ShouldContain("--quota-backend-bytes");
        (await gateway.GetAsync("/healthz")).ShouldBeProblem(503, "LEVEL_IO_ERROR").ShouldContain("NOSPACE");
        (await gateway.GetAsync("/v1/kv/0")).Text.ShouldBe(value);
        (await gateway.SendAsync("DELETE", "/v1/kv/0")).Status.ShouldBe(204);
        (await gateway.SendAsync("DELETE", "/v1/entries?all=true")).Status.ShouldBe(204);
        (await gateway.GetAsync("/v1/count")).Text.ShouldBe("""{"count":0}""");
    }

    [Fact]
    public async Task A_snapshot_whose_history_was_compacted_is_410_and_names_the_flag()
    {
        await using EtcdMember member = await EtcdMember.StartAsync();
        await using LiveGateway gateway = await StartAsync([member]);
        await gateway.PutAsync("/v1/kv/a", "1");
        string id = (await gateway.SendAsync("POST", "/v1/snapshots")).Json.GetProperty("id").GetString()!;
        await gateway.PutAsync("/v1/kv/a", "2");
        await gateway.PutAsync("/v1/kv/a", "3");
        await member.CompactAsync();
        (string Method, string Target)[] reads =
        [
            ("GET", "/v1/kv/a?"), ("GET", "/v1/entries?"), ("GET", "/v1/count?"), ("DELETE", "/v1/entries?all=true&"),
        ];
        foreach ((string method, string target) in reads)
        {
            (await gateway.SendAsync(method, $"{target}snapshot={id}"))
                .ShouldBeProblem(410, "LEVEL_SNAPSHOT_NOT_OPEN").ShouldContain("--auto-compaction-retention");
        }

        (await gateway.GetAsync("/v1/kv/a")).Text.ShouldBe("3");
    }

    [Fact]
    public async Task Without_a_majority_reads_and_writes_are_503_until_it_is_back()
    {
        EtcdMember[] members = await EtcdMember.StartThreeAsync();
        try
        {
            await using LiveGateway gateway = await StartAsync(members, TimeSpan.FromSeconds(2));
            (await gateway.PutAsync("/v1/kv/a", "1")).Status.ShouldBe(204);
            await members[0].KillAsync();
            await members[1].KillAsync();
            (await gateway.GetAsync("/v1/kv/a")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN").ShouldContain("No member of etcd://");
            (await gateway.GetAsync("/healthz")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");
            // It waits until a member leads, so it was never sent.
            (await gateway.PutAsync("/v1/kv/a", "2")).ShouldBeProblem(503, "LEVEL_DATABASE_NOT_OPEN");
            await Task.WhenAll(members[0].StartAgainAsync(), members[1].StartAgainAsync());
            await Waiting.UntilAsync("the gateway serves again", async () => (await gateway.GetAsync("/healthz")).Status == 200);
            (await gateway.GetAsync("/v1/kv/a")).Text.ShouldBe("1");
        }
        finally
        {
            foreach (EtcdMember member in members)
            {
                await member.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_token_that_has_expired_is_replaced_and_a_user_whose_password_was_changed_is_403()
    {
        await using EtcdMember member = await EtcdMember.StartAsync("--auth-token-ttl=1", "--log-level=info");
        string database = EtcdStores.NewName();
        await member.RequireUsersAsync(database, "me", "secret");
        using EtcdStore store = await EtcdStores.OpenAsync([member], database, new() { User = "me", Password = "secret" });
        await store.WriteAsync(batch => batch.Put("a"u8, "1"u8));
        await member.Process.ExpectErrorAsync("deleted a simple token");
        (await store.GetAsync("a"u8.ToArray())).ShouldBe("1"u8.ToArray());
        await member.Process.ExpectErrorAsync("deleted a simple token");
        await store.WriteAsync(batch => batch.Put("a"u8, "2"u8));
        await member.ChangePasswordAsync("me", "another");
        await store.GetAsync("a"u8.ToArray()).ShouldFailAsync(ErrorCodes.Forbidden, "authentication failed");
    }

    private Task<LiveGateway> StartAsync(EtcdMember[] members, TimeSpan? operationTimeout = null) => LiveGateway.StartAsync(
        $"etcd://{string.Join(',', members.Select(member => $"127.0.0.1:{member.Port}"))}/{EtcdStores.NewName()}",
        _directory["rave.sock"],
        operationTimeout);
}
