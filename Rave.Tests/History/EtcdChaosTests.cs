using System.Diagnostics;
using Rave.Tests.Etcd;
using Rave.Tests.Harness;

namespace Rave.Tests.History;

// The same on an etcd cluster of three members: handles and gateways lose no acknowledged write, apply none twice, and the change feed
// reports each once and in order.
// RAVE_CHAOS=1 goes on for RAVE_CHAOS_MINUTES (10); RAVE_SEED begins with another seed. ChaosTests checks the file that a failure wrote.
public sealed class EtcdChaosTests
{
    private static readonly EtcdBlow[] Blows = Enum.GetValues<EtcdBlow>();

    [Fact]
    public async Task Histories_across_killed_and_stopped_members_gateways_and_programs_are_linearizable_and_told_once_and_in_order()
    {
        await EtcdProgram.PathAsync();
        int first = int.TryParse(Environment.GetEnvironmentVariable("RAVE_SEED"), out int given) ? given : Random.Shared.Next(1_000_000);
        Dictionary<EtcdBlow, int> struck = Blows.ToDictionary(blow => blow, _ => 0);
        List<int> figures = [0, 0, 0, 0];
        Stopwatch watch = Stopwatch.StartNew();
        int seed = first;
        do
        {
            await RunAsync(seed++, Machine.RunsLong ? 3 : 1, struck, figures);
        }
        while (Machine.RunsLong && watch.Elapsed < ChaosTests.Lasts);

        TestContext.Current.SendDiagnosticMessage(
            "seeds {0} to {1}: {2}; {3} operations, {4} acknowledged writes, {5} in doubt, {6} changes told, 0 lost, 0 applied twice, "
                + "all linearizable",
            first, seed - 1, string.Join(", ", struck.Select(blow => $"{blow.Value} × {blow.Key}")),
            figures[0], figures[1], figures[2], figures[3]);
    }

    // Each blow so many times, in an order that the seed gives.
    private static async Task RunAsync(int seed, int times, Dictionary<EtcdBlow, int> struck, List<int> figures)
    {
        await using EtcdChaos chaos = new(seed);
        await chaos.StartAsync();
        EtcdBlow[] blows = [.. Enumerable.Repeat(Blows, times).SelectMany(blow => blow)];
        new Random(seed).Shuffle(blows);
        foreach (EtcdBlow blow in blows)
        {
            await chaos.StrikeAsync(blow);
            struck[blow]++;
        }

        (List<HistoryOperation> history, List<RecordedChange> feed) = await chaos.EndAsync();
        history.AddRange(await ChaosTests.ReadAllAsync(chaos.Location, history.Select(operation => operation.Key).Distinct()));
        HistoryRules.ShouldBeLinearizable(seed, history);
        HistoryRules.ShouldTell(seed, history, feed);
        figures[0] += history.Count;
        figures[1] += history.Count(operation => operation is { IsRead: false, Outcome: Outcome.Done });
        figures[2] += history.Count(operation => operation.Outcome == Outcome.Unknown);
        figures[3] += feed.Count;
    }
}
