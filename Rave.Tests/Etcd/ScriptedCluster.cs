using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// The cluster of docs/etcd/cluster.sh: three members with etcd's own timings, as users have them.
internal sealed class ScriptedCluster : IAsyncDisposable
{
    internal const int Members = 3;
    private const int Ports = 2 * Members;

    private static readonly HttpClient Http = new();

    private readonly TempDirectory _directory = new();
    private readonly int _port = FreePorts();
    private readonly string _etcd;

    private ScriptedCluster(string etcd) => _etcd = etcd;

    // Without a database.
    internal string Location { get; private set; } = "";

    internal static async Task<ScriptedCluster> StartAsync()
    {
        ScriptedCluster cluster = new(await EtcdProgram.PathAsync());
        try
        {
            await cluster.StartMissingAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    // Those that do not run.
    internal async Task StartMissingAsync()
    {
        Location = await RunAsync("start", $"{_port}");
        Location.ShouldBe($"etcd://127.0.0.1:{_port},127.0.0.1:{_port + 1},127.0.0.1:{_port + 2}");
    }

    // SIGKILL, and waits until it listens no more.
    internal Task KillAsync(int member)
    {
        using (Process process = Process.GetProcessById(int.Parse(File.ReadAllText(_directory[$"cluster/m{member + 1}.pid"]))))
        {
            process.Kill();
        }

        return Waiting.UntilAsync("the killed member is gone", () => IsFree(_port + member));
    }

    // From 0. Waits for an election.
    internal async Task<int> LeaderAsync()
    {
        int? leader = null;
        await Waiting.UntilAsync("a member leads", async () =>
        {
            bool[] leads = await Task.WhenAll(Enumerable.Range(0, Members).Select(LeadsAsync));
            leader = leads.Count(each => each) == 1 ? Array.IndexOf(leads, true) : null;
            return leader is not null;
        });
        return leader!.Value;
    }

    internal async Task StopAsync()
    {
        await RunAsync("stop");
        Enumerable.Range(_port, Ports).ShouldAllBe(port => IsFree(port));
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop");
        _directory.Dispose();
    }

    private async Task<bool> LeadsAsync(int member)
    {
        string metrics = await Http.GetStringAsync($"http://127.0.0.1:{_port + member}/metrics");
        return metrics.Contains("\netcd_server_is_leader 1\n", StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string verb, params string[] arguments)
    {
        string script = Repository.PathOf("docs/etcd/cluster.sh");
        await using ChildProcess run = ChildProcess.Start(
            "sh", [script, verb, _directory["cluster"], .. arguments], start => start.Environment["ETCD"] = _etcd);
        string output = await run.ReadToEndAsync();
        (await run.WaitForExitAsync()).ShouldBe(0, await run.Errors);
        return output;
    }

    // The first of six in a row. Below those that the system gives to connections, so that none is taken in between.
    private static int FreePorts()
    {
        while (true)
        {
            int first = Random.Shared.Next(12_000, 32_000);
            if (Enumerable.Range(first, Ports).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
