using System.Net;
using System.Text;
using Rave.Tests.Harness;

namespace Rave.Tests.Leadership;

public sealed class RaceTests
{
    // Each process uses half a second of CPU time before its first line. With RAVE_CHAOS=1: fifty processes, in twenty rounds.
    private static readonly bool Long = Machine.RunsLong;
    private static readonly int Processes = Long ? 50 : 8;
    private static readonly int Rounds = Long ? 20 : 1;

    // Each leader gets one write and is killed. The last one has all writes.
    [Fact]
    public async Task Many_processes_that_start_at_once_lead_one_after_the_other()
    {
        using TempDirectory directory = new();
        string location = directory["db"];
        string socketPath = directory["db/rave.sock"];
        List<ChildProcess> servers = StartAll(location);
        await using KilledAtTheEnd all = new([.. servers]);
        using HttpClient http = LiveLeader.Client(socketPath);
        while (true)
        {
            ChildProcess leader = await ElectedAsync(servers, socketPath);
            HttpResponseMessage answer =
                await http.PutAsync($"/v1/kv/{servers.Count}", new ByteArrayContent(Encoding.ASCII.GetBytes("kept")));
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            if (servers.Count == 1)
            {
                break;
            }

            await leader.KillAsync();
            servers.Remove(leader);
        }

        for (int round = 1; round <= Processes; round++)
        {
            (await http.GetStringAsync($"/v1/kv/{round}")).ShouldBe("kept");
        }

        (await servers.Single().TerminateAsync()).ShouldBe(0);
        Directory.GetFiles(location, "rave.sock*").ShouldBeEmpty("the sockets of those that were killed are gone too");
    }

    [Fact]
    public async Task Many_processes_that_find_a_stale_socket_have_one_leader_in_every_round()
    {
        await using LiveLeader dead = await LiveLeader.StartAsync();
        await dead.Process.KillAsync();
        for (int round = 0; round < Rounds; round++)
        {
            // Those of the round before were killed, their leader among them.
            File.Exists(dead.SocketPath).ShouldBeTrue();
            List<ChildProcess> servers = StartAll(dead.Location);
            await using KilledAtTheEnd all = new([.. servers]);

            await ElectedAsync(servers, dead.SocketPath);
            (await dead.PutAsync($"/v1/kv/{round}", "kept")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            for (int before = 0; before < round; before++)
            {
                (await dead.Http.GetStringAsync($"/v1/kv/{before}")).ShouldBe("kept");
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0} rounds of {1} processes, one leader each", Rounds, Processes);
    }

    private static List<ChildProcess> StartAll(string location) =>
        [.. Enumerable.Range(0, Processes).Select(_ => ChildProcess.StartServer(location))];

    // Every process prints its role once, and exactly one leads.
    private static async Task<ChildProcess> ElectedAsync(List<ChildProcess> servers, string socketPath)
    {
        string?[] lines = await Task.WhenAll(servers.Select(server => server.ReadLineAsync()));
        lines.Count(line => line == $"follower {socketPath}").ShouldBe(servers.Count - 1, string.Join(" | ", lines));
        return servers[Array.IndexOf(lines, $"leader {socketPath}")];
    }
}
