using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// A cluster as docs/etcd.md has it, and users of the README on it, while members are killed.
public sealed class ClusterScriptTests : IAsyncLifetime
{
    // Each member is killed in the shorter run.
    private static readonly int Kills = Machine.RunsLong ? 24 : ScriptedCluster.Members;

    private readonly TempDirectory _directory = new();
    private ScriptedCluster _cluster = null!;
    private ChildProcess _gateway = null!;

    private string Location => $"{_cluster.Location}/app";

    public async ValueTask InitializeAsync()
    {
        RaveEtcd.Register();
        _cluster = await ScriptedCluster.StartAsync();
        _gateway = ChildProcess.StartRave("serve", Location, "--socket", _directory["rave.sock"]);
        await _gateway.ExpectAsync($"gateway {_directory["rave.sock"]}");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _cluster.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    [Needs(Need.Curl)]
    public async Task The_first_curl_lines_of_the_readme_work_also_after_the_leader_was_killed()
    {
        await RunReadmeAsync();
        await _cluster.KillAsync(await _cluster.LeaderAsync());
        using HttpClient http = LiveLeader.Client(_directory["rave.sock"]);
        // Notices that its connection is gone. On it, a write without a key would be in doubt.
        (await LiveGateway.SendAsync(http, "GET", "/v1/count")).Text.ShouldBe("{\"count\":1}");
        await RunReadmeAsync();
        await _cluster.StartMissingAsync();
        await RunReadmeAsync();
        await _cluster.StopAsync();
    }

    [Fact]
    public async Task Writers_and_readers_go_on_after_any_member_was_killed()
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(Location);
        using HttpClient http = LiveLeader.Client(_directory["rave.sock"]);
        int written = 0;
        int numbered = 0;
        Pauses[] callers =
        [
            new("writer", () => db.PutAsync("count", $"{++written}").AsTask()),
            new("reader", () => db.GetAsync("count").AsTask()),
            // A write that is in flight with a member that is killed cannot be sent again without a key.
            new("writer of a gateway", async () => (await LiveGateway.SendAsync(
                http, "PUT", "/v1/kv/b", new StringContent("1"), ("Idempotency-Key", $"0123456789abcdef;{++numbered}")))
                .Status.ShouldBe(204)),
            new("reader of a gateway", async () => (await LiveGateway.SendAsync(http, "GET", "/v1/count")).Status.ShouldBe(200)),
        ];
        int leaders = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            await ProgressAsync(callers);
            int leader = await _cluster.LeaderAsync();
            // The leader each second time, and each member in turn.
            int member = kill % 2 == 0 ? leader : (leader + 1 + (kill / 2 % 2)) % ScriptedCluster.Members;
            leaders += member == leader ? 1 : 0;
            await _cluster.KillAsync(member);
            await ProgressAsync(callers);
            await _cluster.StartMissingAsync();
        }

        await Task.WhenAll(callers.Select(caller => caller.EndAsync()));
        (await db.GetAsync("count")).ShouldBe($"{written}");
        TestContext.Current.SendDiagnosticMessage(
            "{0} members killed, {1} of them leaders. The longest operation of a {2}", Kills, leaders,
            string.Join(", of a ", callers.Select(caller => $"{caller.Name}: {caller.Longest.TotalMilliseconds:N0} ms")));
    }

    private static Task ProgressAsync(Pauses[] callers) => Task.WhenAll(callers.Select(caller => caller.ProgressAsync(100)));

    // As a reader would type them, with the gateway's socket.
    private async Task RunReadmeAsync()
    {
        string curl = File.ReadAllText(Repository.PathOf("README.md")).Split("## curl\n\n```sh\n")[1].Split("```")[0];
        string script = "curl() { command curl --fail-with-body \"$@\"; }\n"
            + curl.Replace("./db/rave.sock", "./rave.sock", StringComparison.Ordinal);
        await using ChildProcess shell = ChildProcess.Start("sh", ["-ec", script], start => start.WorkingDirectory = _directory.Path);
        (await shell.ReadToEndAsync()).ShouldStartWith(
            "world{\"entries\":[{\"key\":\"hello\",\"value\":\"world\"}]", customMessage: await shell.Errors);
        (await shell.WaitForExitAsync()).ShouldBe(0);
    }
}
