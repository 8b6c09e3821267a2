using System.Globalization;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A rave-server on a new location, one of whose calls fails: how it reacted, and whether its acknowledged writes exist afterwards.
internal sealed class FaultedLife(CallFault fault)
{
    private const int Writers = 2;
    private const int WritesOfEach = 20;

    // Six of these exceed LevelDB's write buffer, so it switches to the next buffer and writes a table.
    private const int LargeValue = 750_000;

    // The exit code of rave-server if waiting cannot help.
    private const int Hopeless = 3;

    // Far more than there are calls that fail.
    private const int MostAttempts = 20;

    private readonly DiskLoad _load = new(Writers, (writer, number) => (number % 4) switch
    {
        0 => new(writer, number, length: 100, sync: true),
        1 => new(writer, number, length: 100),
        2 => new(writer, number, length: 1000, sync: number % 8 == 2, batch: true),
        _ => new(writer, number, LargeValue),
    });

    private long[] _calls = new long[Enum.GetValues<CallKind>().Length];

    // In a word: how its process went on.
    internal string End { get; private set; } = "";

    internal List<string> Wrong { get; } = [];

    internal long Failed { get; private set; }

    internal int Acknowledged => _load.Acknowledged;

    internal int Lost => Wrong.Count(fault => fault.EndsWith("is lost", StringComparison.Ordinal));

    internal static async Task<FaultedLife> RunAsync(FailingCalls calls, CallFault fault)
    {
        using TempDirectory directory = new();
        FaultedLife life = new(fault);
        await life.TryAsync(() => life.LiveAsync(calls, directory["db"]));
        await life.TryAsync(async () =>
            life.Wrong.AddRange(life._load.Faults(await DiskLoad.ReadAsync(directory["db"]), write => write.Acknowledged)));
        return life;
    }

    internal long CallsOf(CallKind kind) => _calls[(int)kind];

    public override string ToString() => $"{fault}: {End}; {string.Join(", ", Wrong)}";

    // A timeout, a crash, or a database that cannot be opened: this case has failed. The test continues with its rest and with the other
    // cases.
    private async Task TryAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (Exception failure)
        {
            Wrong.Add($"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private async Task LiveAsync(FailingCalls calls, string location)
    {
        await using ChildProcess server = calls.StartServer(location, fault, out string tally);
        try
        {
            if (await server.ReadLineAsync() is null)
            {
                await EndedAsync(server, "refused to start");
                if ((await server.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length != 1)
                {
                    Wrong.Add($"more than a sentence: {await server.Errors}");
                }

                return;
            }

            End = FailingCalls.Failed(tally) > 0 ? "led in spite of it" : "led";
            await WriteAsync(server, location);
            await server.KillAsync();
        }
        finally
        {
            Failed = FailingCalls.Failed(tally);
            _calls = [.. Enum.GetValues<CallKind>().Select(kind => FailingCalls.Calls(tally, kind))];
        }
    }

    // Runs until everything is written. After a failed write, the leader reopens the database and reports it, or ends. The test waits for
    // both, with a limit.
    private async Task WriteAsync(ChildProcess server, string location)
    {
        using HttpClient http = LiveLeader.Client(Path.Combine(location, "rave.sock"));
        for (int attempt = 1; ; attempt++)
        {
            Task compacting = Task.CompletedTask;
            await _load.WriteAsync(http, write =>
            {
                // Twice, beside the writers.
                if (write.Writer == 0 && write.Number % 8 == 4 && compacting.IsCompleted)
                {
                    compacting = CompactAsync(http);
                }

                return _load.AcknowledgedBy(write.Writer) < WritesOfEach;
            });
            await compacting;
            if (_load.Acknowledged == Writers * WritesOfEach)
            {
                return;
            }

            attempt.ShouldBeLessThan(MostAttempts, "it fails for ever");
            End += attempt == 1 ? ", a write failed" : "";
            if (await server.ReadLineAsync() is null)
            {
                await EndedAsync(server, $"{End}, and it ended");
                return;
            }
        }
    }

    // Writes a table of the entries in memory, and merges it with the other tables.
    private static async Task CompactAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage answer = await http.PostAsync("/v1/compact", null).Soon();
        }
        catch (HttpRequestException)
        {
            // Its leader ended.
        }
    }

    // With 3 and one message. Anything else is a crash.
    private async Task EndedAsync(ChildProcess server, string end)
    {
        int code = await server.WaitForExitAsync();
        string errors = await server.Errors;
        End = code == Hopeless ? end : string.Create(CultureInfo.InvariantCulture, $"{end} with {code}");
        if (code != Hopeless || !errors.Contains("rave-server: ", StringComparison.Ordinal)
            || errors.Contains("   at ", StringComparison.Ordinal))
        {
            Wrong.Add($"what it printed at its end: {errors}");
        }
    }
}
