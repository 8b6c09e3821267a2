using System.Globalization;
using Rave.Tests.Peer;

namespace Rave.Tests.History;

// What must hold of a history of the workload, whatever happened to the processes.
internal static class HistoryRules
{
    internal static string Violations(List<HistoryOperation> history) => string.Join(
        "\n\n", history.GroupBy(operation => operation.Key).Select(key =>
            RegisterChecker.Violation(key) is { } violation ? $"{key.Key}: {violation}" : null).OfType<string>());

    // A violation is written to a file, to be looked at and checked again.
    internal static void ShouldBeLinearizable(int seed, List<HistoryOperation> history)
    {
        string violations = Violations(history);
        if (violations.Length > 0)
        {
            string file = Path.Combine(AppContext.BaseDirectory, "failed-histories", $"{seed}.ndjson");
            HistoryFile.Write(file, history);
            Assert.Fail($"Seed {seed}, to be checked again with RAVE_HISTORY={file}: {violations}");
        }

        ShouldCount(seed, history);
    }

    // Without the checker, because it could be wrong too.
    private static void ShouldCount(int seed, List<HistoryOperation> history)
    {
        ILookup<string, HistoryOperation> keys = history.ToLookup(operation => operation.Key);
        foreach (IGrouping<string, HistoryOperation> log in keys.Where(key => key.Key.StartsWith(Workload.Log, StringComparison.Ordinal)))
        {
            if (log.Any(operation => operation is { IsRead: false, Outcome: Outcome.Done }))
            {
                log.Single(operation => operation.IsRead).Value.ShouldNotBeNull($"seed {seed}: '{log.Key}' was acknowledged and is lost");
            }
        }

        HistoryOperation[] increments = [.. keys[Workload.Counter].Where(operation => !operation.IsRead)];
        int done = increments.Count(operation => operation.Outcome == Outcome.Done);
        int counted = int.Parse(keys[Workload.Counter].Last().Value ?? "0", CultureInfo.InvariantCulture);
        counted.ShouldBeInRange(done, done + increments.Count(operation => operation.Outcome == Outcome.Unknown),
            $"seed {seed}: the counter");
    }

    // The feed has every write that was applied once, in an order in which they can have happened.
    internal static void ShouldTell(int seed, List<HistoryOperation> history, IEnumerable<RecordedChange> feed)
    {
        Dictionary<(string, string), HistoryOperation> puts = history
            .Where(operation => operation is { IsRead: false, Value: not null, Outcome: not Outcome.Refused })
            .GroupBy(operation => (operation.Key, operation.Value!)).ToDictionary(put => put.Key, Applied);
        HashSet<(string, string)> told = [];
        Dictionary<string, long> lastInvoked = [];
        foreach (RecordedChange change in feed.Where(change => change.Value is not null))
        {
            (string, string) put = (change.Key, change.Value!);
            if (!puts.TryGetValue(put, out HistoryOperation? operation))
            {
                // The other half of a pair is not in the history.
                change.Key.ShouldBe(Workload.NotRecorded, $"seed {seed}: nobody has put {change}");
                continue;
            }

            told.Add(put).ShouldBeTrue($"seed {seed}: {change} was told twice");
            long invoked = lastInvoked.GetValueOrDefault(change.Key, long.MinValue);
            operation.Returned.ShouldBeGreaterThanOrEqualTo(invoked, $"seed {seed}: {operation} was told after a write that began later");
            lastInvoked[change.Key] = Math.Max(invoked, operation.Invoked);
        }

        ILookup<(string, string), HistoryOperation> writes = history
            .Where(operation => operation is { IsRead: false, Outcome: Outcome.Done })
            .ToLookup(operation => (operation.Process, operation.Key));
        puts.Where(put => put.Value.Outcome == Outcome.Done && !told.Contains(put.Key)).Select(put => put.Value)
            .Where(put => !writes[(put.Process, put.Key)].Any(other => IsAtOnce(put, other)))
            .ShouldBeEmpty($"seed {seed}: acknowledged and never told");
    }

    // Writes of one handle at a time share a transaction, in which the last one on a key wins.
    private static bool IsAtOnce(HistoryOperation put, HistoryOperation other) =>
        !ReferenceEquals(put, other) && put.Invoked <= other.Returned && other.Invoked <= put.Returned;

    // Several may set the counter to one value, and one of them succeeds. If all that did not fail are in doubt, it is any of them.
    private static HistoryOperation Applied(IEnumerable<HistoryOperation> puts) =>
        puts.SingleOrDefault(operation => operation.Outcome == Outcome.Done)
            ?? puts.Aggregate((one, other) => one with
            {
                Invoked = Math.Min(one.Invoked, other.Invoked),
                Returned = Math.Max(one.Returned, other.Returned),
            });
}
