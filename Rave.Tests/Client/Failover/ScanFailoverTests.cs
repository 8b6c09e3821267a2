using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class ScanFailoverTests
{
    // More than three pages, so that a scan meets every failover between two of them.
    private const int Entries = 6000;
    private const int EntriesBetweenKills = 1500;

    private static readonly string[] Keys = [.. Enumerable.Range(0, Entries).Select(i => $"key{i:00000}")];

    private static readonly (string Name, RangeOptions<string> Range, string[] Expected)[] Scans =
    [
        ("forward", new(), Keys),
        ("reverse", new() { Reverse = true }, [.. Keys.Reverse()]),
        ("limit", new() { Limit = 5200 }, Keys[..5200]),
        ("bounds", new() { Gt = "key00100", Lte = "key05900" }, Keys[101..5901]),
        ("bounds in reverse with a limit", new() { Gte = "key00100", Lt = "key05900", Reverse = true, Limit = 5100 },
            [.. Keys[..5900].Reverse().Take(5100)]),
        ("prefix", new() { Prefix = "key0" }, Keys),
    ];

    [Fact]
    public async Task Scans_across_three_killed_leaders_skip_and_repeat_no_key()
    {
        using TempDirectory directory = new();
        Queue<ChildProcess> servers = new();
        try
        {
            await StartServersAsync(servers, directory["db"], count: 4);
            await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
            await db.BatchAsync(Keys.Select(key => BatchOperation.Put(key, $"value of {key}")));
            (string Name, string[] Expected, IAsyncEnumerator<KeyValuePair<string, string>> Walk, List<string> Seen)[] scans =
                [.. Scans.Select(scan => (scan.Name, scan.Expected, db.Iterate(scan.Range).GetAsyncEnumerator(), new List<string>()))];

            for (; servers.Count > 1; await KillLeaderAsync(servers, db))
            {
                foreach ((_, _, IAsyncEnumerator<KeyValuePair<string, string>> walk, List<string> seen) in scans)
                {
                    await WalkAsync(walk, seen, EntriesBetweenKills);
                }
            }

            foreach ((string name, string[] expected, IAsyncEnumerator<KeyValuePair<string, string>> walk, List<string> seen) in scans)
            {
                await WalkAsync(walk, seen, Entries);
                seen.ToArray().ShouldBe(expected, name);
                await walk.DisposeAsync();
            }
        }
        finally
        {
            foreach (ChildProcess server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task WalkAsync(IAsyncEnumerator<KeyValuePair<string, string>> walk, List<string> seen, int entries)
    {
        while (entries-- > 0 && await walk.MoveNextAsync())
        {
            walk.Current.Value.ShouldBe($"value of {walk.Current.Key}");
            seen.Add(walk.Current.Key);
        }
    }

    private static async Task StartServersAsync(Queue<ChildProcess> servers, string location, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ChildProcess server = ChildProcess.StartServer(location);
            servers.Enqueue(server);
            await server.ReadLineAsync();
        }
    }

    // The order in which they take over is not known.
    private static async Task KillLeaderAsync(Queue<ChildProcess> servers, RaveLevel db)
    {
        int pid = db.LeaderInfo!.Pid;
        while (servers.Peek().Id != pid)
        {
            servers.Enqueue(servers.Dequeue());
        }

        await using ChildProcess leader = servers.Dequeue();
        await leader.KillAsync();
    }
}
