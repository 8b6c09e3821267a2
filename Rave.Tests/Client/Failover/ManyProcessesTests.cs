using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

// The tests of npm's rave-level with several processes, and more.
public sealed class ManyProcessesTests
{
    // The ten processes live through all rounds. Their cold start is hardly tested here, but would take most of the time.
    [Fact]
    public async Task Ten_processes_put_a_key_each_at_once_and_all_are_there_in_twenty_rounds()
    {
        ChildProcess[] peers = [.. Enumerable.Range(0, 10).Select(_ => ChildProcess.StartPeers())];
        await using KilledAtTheEnd all = new(peers);
        await ExpectOfAllAsync(peers, "ready");
        for (int round = 0; round < 20; round++)
        {
            using TempDirectory directory = new();
            (string Key, string Value)[] entries = [.. peers.Select((_, i) => ($"{i:00000}", Guid.NewGuid().ToString()))];

            // In every other round each leaves as soon as it has put, so that the leader changes with nearly every one of them.
            bool stay = round % 2 == 0;
            await TellAllAsync(peers, i => $"{(stay ? "stay" : "once")} {directory["db"]} {entries[i].Key} {entries[i].Value}");
            await ExpectOfAllAsync(peers, "done");
            if (stay)
            {
                await TellAllAsync(peers, _ => "close");
                await ExpectOfAllAsync(peers, "closed");
            }

            await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"]);
            (await db.Iterate().Select(entry => (entry.Key, entry.Value)).ToArrayAsync()).ShouldBe(entries, $"round {round}");
        }
    }

    private static async Task TellAllAsync(ChildProcess[] peers, Func<int, string> line)
    {
        for (int i = 0; i < peers.Length; i++)
        {
            await peers[i].TellAsync(line(i));
        }
    }

    private static async Task ExpectOfAllAsync(ChildProcess[] peers, string line)
    {
        foreach (ChildProcess peer in peers)
        {
            (await peer.ReadLineAsync()).ShouldBe(line, $"errors: {(peer.HasExited ? await peer.Errors : "it runs on")}");
        }
    }

    [Fact]
    public async Task Puts_pending_on_followers_survive_the_killing_of_their_leader()
    {
        using TempDirectory directory = new();
        await using ChildProcess leader = ChildProcess.StartServer(directory["db"]);
        await leader.ExpectAsync($"leader {directory["db/rave.sock"]}");
        await using RaveLevel first = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel second = await RaveLevel.OpenAsync(directory["db"]);

        Task[] puts = [.. Enumerable.Range(0, 1000).Select(i => (i % 2 == 0 ? first : second).PutAsync($"{i:0000}", $"{i}").AsTask())];
        await Task.WhenAny(puts).Soon();
        await leader.KillAsync();
        await Task.WhenAll(puts).Soon();

        (first.IsLeader ^ second.IsLeader).ShouldBeTrue();
        (await first.CountAsync()).ShouldBe(1000);
        (await second.Values().ToArrayAsync()).ShouldBe(Enumerable.Range(0, 1000).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_server_a_program_and_a_handle_take_over_from_each_other()
    {
        using TempDirectory directory = new();
        await using ChildProcess server = ChildProcess.StartServer(directory["db"]);
        await server.ExpectAsync($"leader {directory["db/rave.sock"]}");
        await using ChildProcess program = ChildProcess.StartPeer(directory["db"]);
        await program.ExpectAsync("open");
        (await program.AskAsync("fill a 100")).ShouldBe("filled 100");

        await server.KillAsync();
        await program.ExpectAsync("leader");
        await using RaveLevel handle = await RaveLevel.OpenAsync(directory["db"]);
        (await handle.CountAsync()).ShouldBe(100);

        TaskCompletionSource leading = new();
        handle.BecameLeader += (_, _) => leading.SetResult();
        await program.KillAsync();
        await leading.Task.Soon();
        (await handle.CountAsync()).ShouldBe(100);
    }

    [Fact]
    public async Task A_leader_with_two_handles_and_a_failed_open_still_keeps_other_processes_out()
    {
        using TempDirectory directory = new();
        await using RaveLevel leader = await RaveLevel.OpenAsync(directory["db"]);
        await using RaveLevel second = await RaveLevel.OpenAsync(directory["db"]);
        await RaveLevel.OpenAsync(directory["db"], new() { ErrorIfExists = true }).ShouldThrowAsync<RaveException>();

        await using ChildProcess server = ChildProcess.StartServer(directory["db"]);
        (await server.ReadLineAsync()).ShouldBe($"follower {directory["db/rave.sock"]}");
        await leader.PutAsync("a", "1");
        (await second.GetAsync("a")).ShouldBe("1");
    }
}
