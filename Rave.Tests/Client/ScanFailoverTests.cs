using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class ScanFailoverTests
{
    // More than three pages, so that a scan meets every failover between two of them.
    private const int Entries = 6000;
    private const int EntriesBetweenKills = 1500;

    private static readonly string[] Keys = [.. Enumerable.Range(0, Entries).Select(i => $"key{i:00000}")];

    public static TheoryData<string, RangeOptions<string>, string[]> Scans => new()
    {
        { "forward", new(), Keys },
        { "reverse", new() { Reverse = true }, [.. Keys.Reverse()] },
        { "limit", new() { Limit = 5200 }, Keys[..5200] },
        { "bounds", new() { Gt = "key00100", Lte = "key05900" }, Keys[101..5901] },
        { "bounds in reverse with a limit", new() { Gte = "key00100", Lt = "key05900", Reverse = true, Limit = 5100 }, [.. Keys[..5900].Reverse().Take(5100)] },
        { "prefix", new() { Prefix = "key0" }, Keys },
    };

    [Theory]
    [MemberData(nameof(Scans), DisableDiscoveryEnumeration = true)]
    public async Task A_scan_across_three_killed_leaders_skips_and_repeats_no_key(string scan, RangeOptions<string> range, string[] expected)
    {
        using TempDirectory directory = new();
        Queue<ChildProcess> servers = new();
        try
        {
            await StartServersAsync(servers, directory["db"], count: 4);
            await using RaveLevel db = await RaveLevel.OpenAsync(directory["db"], new() { CanLead = false });
            await db.BatchAsync(Keys.Select(key => BatchOperation<string, string>.Put(key, $"value of {key}")));

            List<string> seen = [];
            await foreach ((string key, string value) in db.Iterate(range))
            {
                value.ShouldBe($"value of {key}");
                seen.Add(key);
                if (seen.Count % EntriesBetweenKills == 0 && servers.Count > 1)
                {
                    await KillLeaderAsync(servers, db);
                }
            }

            seen.ToArray().ShouldBe(expected, scan);
            servers.Count.ShouldBe(1);
        }
        finally
        {
            foreach (ChildProcess server in servers)
            {
                await server.DisposeAsync();
            }
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

    // Whichever of them leads: the order in which they take over is not theirs to choose.
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
