using System.Diagnostics;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.History;

// Nothing is lost and nothing is applied twice: the operations of many processes, across killed, stopped and closed leaders, are
// linearizable.
// RAVE_CHAOS=1 runs for RAVE_CHAOS_MINUTES (10) and until 200 leaders were killed. RAVE_SEED starts with another seed. RAVE_HISTORY only
// checks the file that a failure wrote.
public sealed class ChaosTests
{
    private const int KillsOfLeaders = 200;

    private static readonly bool Long = Machine.RunsLong;
    internal static readonly TimeSpan Lasts = TimeSpan.FromMinutes(
        double.Parse(Environment.GetEnvironmentVariable("RAVE_CHAOS_MINUTES") ?? "10", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public async Task Histories_across_killed_stopped_and_closed_leaders_are_linearizable_and_no_write_is_lost_or_doubled()
    {
        if (Environment.GetEnvironmentVariable("RAVE_HISTORY") is { } file)
        {
            HistoryRules.Violations(HistoryFile.Read(file)).ShouldBeEmpty();
            return;
        }

        int first = int.TryParse(Environment.GetEnvironmentVariable("RAVE_SEED"), out int given) ? given : Random.Shared.Next(1_000_000);
        Tally tally = new();
        Stopwatch watch = Stopwatch.StartNew();
        int seed = first;
        do
        {
            await RunAsync(seed++, blows: Long ? 25 : 6, tally);
        }
        while (Long && (watch.Elapsed < Lasts || tally.Kills < KillsOfLeaders));

        TestContext.Current.SendDiagnosticMessage(
            "seeds {0} to {1}: {2} blows, {3} leaders killed, {4} operations, {5} acknowledged writes, "
                + "{6} in doubt, 0 lost, 0 applied twice, all linearizable",
            first, seed - 1, tally.Blows, tally.Kills, tally.Operations, tally.Writes, tally.Doubtful);
    }

    private static async Task RunAsync(int seed, int blows, Tally tally)
    {
        await using Chaos chaos = new(seed);
        await chaos.StartAsync();
        for (int i = 0; i < blows; i++)
        {
            await chaos.StrikeAsync();
        }

        List<HistoryOperation> history = await chaos.EndAsync();
        history.AddRange(await ReadAllAsync(chaos.Location, history.Select(operation => operation.Key).Distinct()));
        tally.Add(chaos, history);
        HistoryRules.ShouldBeLinearizable(seed, history);
    }

    // The stored entries at the end, as the last operations.
    internal static async Task<List<HistoryOperation>> ReadAllAsync(string location, IEnumerable<string> keys)
    {
        await using RaveLevel db = await RaveLevel.OpenAsync(location, new() { CreateIfMissing = false });
        List<HistoryOperation> reads = [];
        foreach (string key in keys)
        {
            long invoked = Stopwatch.GetTimestamp();
            reads.Add(new("end", key, OperationKind.Get, await db.GetAsync(key), null, Outcome.Done, invoked, Stopwatch.GetTimestamp()));
        }

        return reads;
    }

    private sealed class Tally
    {
        internal int Blows { get; private set; }

        internal int Kills { get; private set; }

        internal int Operations { get; private set; }

        internal int Writes { get; private set; }

        internal int Doubtful { get; private set; }

        internal void Add(Chaos chaos, List<HistoryOperation> history)
        {
            Blows += chaos.Blows;
            Kills += chaos.Kills;
            Operations += history.Count;
            Writes += history.Count(operation => operation is { IsRead: false, Outcome: Outcome.Done });
            Doubtful += history.Count(operation => operation.Outcome == Outcome.Unknown);
        }
    }
}
