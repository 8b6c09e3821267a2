using System.Globalization;
using Rave.Server.Location;
using Rave.Tests.Harness;

namespace Rave.Tests.History;

// Processes work on one database and record their operations, while its leaders are killed, stopped for a while or asked to end.
internal sealed class Chaos : IAsyncDisposable
{
    private const int Peers = 3;
    private const int Server = Peers;

    // The number of operations between two disturbances, by all processes together: a few hundred. They also show that the processes
    // continue.
    private const long BytesBetween = 50_000;

    private readonly TempDirectory _directory = new();
    private readonly DatabaseLocation _location;
    private readonly ChildProcess?[] _processes = new ChildProcess?[Peers + 1];
    private readonly Random _random;
    private readonly int _seed;
    private int _started;

    internal Chaos(int seed)
    {
        _seed = seed;
        _random = new(seed);
        Directory.CreateDirectory(_directory["histories"]);
        _location = DatabaseLocation.Resolve(_directory["db"], create: true);
    }

    internal string Location => _location.Directory;

    // Of leaders.
    internal int Kills { get; private set; }

    internal int Blows { get; private set; }

    internal async Task StartAsync()
    {
        for (int place = 0; place < _processes.Length; place++)
        {
            Start(place);
        }

        await ProgressAsync();
    }

    internal async Task StrikeAsync()
    {
        int leader = await LeaderAsync();
        int place = leader;
        if (_random.Next(4) == 0)
        {
            place = _random.Next(_processes.Length);
        }

        Blows++;
        ChildProcess process = _processes[place]!;
        switch (_random.Next(4))
        {
            case 0:
                await EndAsync(place);
                Start(place);
                break;
            case 1:
                // Longer than some of them have patience, now and then.
                await process.SuspendAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1500)), TimeProvider.System, TestContext.Current.CancellationToken);
                process.Signal(ChildProcess.Continue);
                break;
            default:
                Kills += place == leader ? 1 : 0;
                await process.KillAsync();
                await GoneAsync(place);
                Start(place);
                break;
        }

        await ProgressAsync();
    }

    // Ends all processes normally, and returns their operations.
    internal async Task<List<HistoryOperation>> EndAsync()
    {
        for (int place = 0; place < _processes.Length; place++)
        {
            await EndAsync(place);
        }

        return HistoryFile.Merge(_directory["histories"]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess? process in _processes)
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _location.Dispose();
        _directory.Dispose();
    }

    private void Start(int place)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{_started++}");
        _processes[place] = place == Server
            ? ChildProcess.StartServer(Location)
            : ChildProcess.StartPeer(Location, _directory[$"histories/{name}.ndjson"], name,
                string.Create(CultureInfo.InvariantCulture, $"{_seed + _started}"));
    }

    private async Task EndAsync(int place)
    {
        ChildProcess process = _processes[place]!;
        if (place == Server)
        {
            // It has printed its role, so its signal handlers are installed.
            (await process.ReadLineAsync()).ShouldNotBeNull($"seed {_seed}");
            process.Signal(ChildProcess.Terminate);
        }
        else
        {
            process.Input.Close();
        }

        int code = await process.WaitForExitAsync();
        string errors = await process.Errors;
        await GoneAsync(place);
        code.ShouldBe(0, $"seed {_seed}: {errors}");
    }

    private ValueTask GoneAsync(int place)
    {
        ChildProcess process = _processes[place]!;
        _processes[place] = null;
        return process.DisposeAsync();
    }

    private async Task<int> LeaderAsync()
    {
        int place = -1;
        await Waiting.UntilAsync("one of the processes leads", () =>
            LeaderRecord.Read(_location) is { } leader && (place = Array.FindIndex(_processes, process => process!.Id == leader.Pid)) >= 0);
        return place;
    }

    private async Task ProgressAsync()
    {
        long before = Written();
        await Waiting.UntilAsync($"operations go on (seed {_seed})", () => Written() >= before + BytesBetween);
    }

    private long Written() => new DirectoryInfo(_directory["histories"]).GetFiles().Sum(file => file.Length);
}
