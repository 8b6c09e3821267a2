using System.Globalization;
using Rave.Client;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;
using Rave.Tests.Peer;

namespace Rave.Tests.History;

// Programs that work on one database on a cluster and write down what they did, with handles and through gateways, while members, gateways
// and programs are killed, stopped for a while or asked to go.
internal sealed class EtcdChaos : IAsyncDisposable
{
    private const int Peers = 2;
    private const int Gateways = 2;

    // Written down between two blows, by all together: a few hundred operations. It also says that they go on.
    private const long BytesBetween = 40_000;
    private const string Last = "last of all";

    private readonly int _seed;
    private readonly Random _random;
    private readonly TempDirectory _directory = new();
    private readonly ChildProcess?[] _peers = new ChildProcess?[Peers];
    private readonly ChildProcess?[] _gateways = new ChildProcess?[Gateways];
    private readonly string[] _socketPaths;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _callers = [];
    private EtcdMember[] _members = [];
    private Task<List<RecordedChange>>? _feed;
    private int _started;

    internal EtcdChaos(int seed)
    {
        _seed = seed;
        _random = new(seed);
        _socketPaths = [.. Enumerable.Range(0, Gateways).Select(place => _directory[$"{place}.sock"])];
        Directory.CreateDirectory(_directory["histories"]);
    }

    internal string Location { get; private set; } = "";

    internal async Task StartAsync()
    {
        RaveEtcd.Register();
        _members = await EtcdMember.StartThreeAsync();
        Location = $"etcd://{string.Join(',', _members.Select(member => $"127.0.0.1:{member.Port}"))}/app";
        await Task.WhenAll(Enumerable.Range(0, Gateways).Select(StartGatewayAsync));
        FeedRecord record = new(_socketPaths, Last);
        _feed = record.ReadAsync();
        await record.Opened.Soon();
        for (int place = 0; place < Peers; place++)
        {
            StartPeer(place);
        }

        // One that gives up soon, so that what it gave up may still arrive.
        _callers.Add(CallAsync(_socketPaths, TimeSpan.FromSeconds(1)));
        _callers.Add(CallAsync(_socketPaths.Reverse(), Waiting.Patience));
        await ProgressAsync();
    }

    internal async Task StrikeAsync(EtcdBlow blow)
    {
        switch (blow)
        {
            case EtcdBlow.KillLeader or EtcdBlow.KillFollower:
                EtcdMember killed = await MemberAsync(leads: blow == EtcdBlow.KillLeader);
                await killed.KillAsync();
                await ProgressAsync();
                await killed.StartAgainAsync();
                break;
            case EtcdBlow.EndLeader:
                EtcdMember ended = await MemberAsync(leads: true);
                ended.Process.Signal(ChildProcess.Terminate);
                await ended.Process.WaitForExitAsync();
                await ended.KillAsync();
                await ended.StartAgainAsync();
                break;
            case EtcdBlow.StopLeader or EtcdBlow.StopFollower:
                EtcdMember stopped = await MemberAsync(leads: blow == EtcdBlow.StopLeader);
                await stopped.Process.SuspendAsync();
                await ProgressAsync();
                stopped.Process.Signal(ChildProcess.Continue);
                break;
            case EtcdBlow.KillGateway:
                int gateway = _random.Next(Gateways);
                await _gateways[gateway]!.KillAsync();
                await GoneAsync(_gateways, gateway);
                await ProgressAsync();
                await StartGatewayAsync(gateway);
                break;
            case EtcdBlow.EndGateway:
                int last = _random.Next(Gateways);
                (await _gateways[last]!.TerminateAsync()).ShouldBe(0, $"seed {_seed}");
                await GoneAsync(_gateways, last);
                await StartGatewayAsync(last);
                break;
            default:
                int peer = _random.Next(Peers);
                await _peers[peer]!.KillAsync();
                await GoneAsync(_peers, peer);
                StartPeer(peer);
                break;
        }

        await ProgressAsync();
    }

    // Ends all of them in good order, and says what they did and what the feed has told.
    internal async Task<(List<HistoryOperation> History, List<RecordedChange> Feed)> EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers).Soon();
        foreach (ChildProcess? peer in _peers)
        {
            peer!.Input.Close();
            (await peer.WaitForExitAsync()).ShouldBe(0, $"seed {_seed}: {await peer.Errors}");
        }

        await using (RaveLevel db = await RaveLevel.OpenAsync(Location))
        {
            await db.PutAsync(Last, "");
        }

        List<RecordedChange> feed = await _feed!.Soon();
        foreach (ChildProcess? gateway in _gateways)
        {
            (await gateway!.TerminateAsync()).ShouldBe(0, $"seed {_seed}: {await gateway.Errors}");
        }

        return (HistoryFile.Merge(_directory["histories"]), feed[..^1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (ChildProcess? process in _peers.Concat(_gateways))
        {
            await (process?.DisposeAsync() ?? default);
        }

        foreach (EtcdMember member in _members)
        {
            await member.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task CallAsync(IEnumerable<string> socketPaths, TimeSpan patience)
    {
        string name = NextName();
        using HistoryWriter history = new(_directory[$"histories/{name}.ndjson"]);
        using GatewayWork work = new(socketPaths, patience);
        await new Workload(work, history, name, _seed + _started).RunAsync(_stop.Token);
    }

    private void StartPeer(int place)
    {
        string name = NextName();
        _peers[place] = ChildProcess.StartPeer(Location, _directory[$"histories/{name}.ndjson"], name,
            string.Create(CultureInfo.InvariantCulture, $"{_seed + _started}"));
    }

    private async Task StartGatewayAsync(int place)
    {
        _gateways[place] = ChildProcess.StartRave("serve", Location, "--socket", _socketPaths[place]);
        await _gateways[place]!.ExpectAsync($"gateway {_socketPaths[place]}");
    }

    private static ValueTask GoneAsync(ChildProcess?[] processes, int place)
    {
        ChildProcess process = processes[place]!;
        processes[place] = null;
        return process.DisposeAsync();
    }

    private string NextName() => string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _started)}");

    private async Task<EtcdMember> MemberAsync(bool leads)
    {
        EtcdMember? leader = null;
        await Waiting.UntilAsync($"a member leads (seed {_seed})", async () =>
        {
            foreach (EtcdMember member in _members)
            {
                leader = await member.IsLeaderAsync() ? member : leader;
            }

            return leader is not null;
        });
        return leads ? leader! : _members.First(member => member != leader);
    }

    private async Task ProgressAsync()
    {
        long before = Written();
        await Waiting.UntilAsync($"operations go on (seed {_seed})", () => Written() >= before + BytesBetween);
    }

    private long Written() => new DirectoryInfo(_directory["histories"]).GetFiles().Sum(file => file.Length);
}

internal enum EtcdBlow
{
    KillLeader,
    StopLeader,
    EndLeader,
    KillFollower,
    StopFollower,
    KillGateway,
    EndGateway,
    KillPeer,
}
