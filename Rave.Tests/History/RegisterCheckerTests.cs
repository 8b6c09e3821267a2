namespace Rave.Tests.History;

// The checker itself: which histories it must accept and refuse, and how much work that may take.
public sealed class RegisterCheckerTests
{
    [Fact]
    public void Sequential_operations_are_linearizable() =>
        Accepted(Get(0, 1, null), Put(2, 3, "a"), Get(4, 5, "a"), Put(6, 7, null), Get(8, 9, null));

    [Fact]
    public void A_read_that_overlaps_a_put_may_see_it_or_not()
    {
        Accepted(Put(0, 1, "a"), Put(2, 9, "b"), Get(3, 4, "a"), Get(5, 6, "b"));
        Accepted(Put(0, 1, "a"), Put(2, 9, "b"), Get(3, 4, "b"), Get(5, 6, "b"));
    }

    [Fact]
    public void Once_seen_a_put_stays_seen() => Refused(Put(0, 1, "a"), Put(2, 9, "b"), Get(3, 4, "b"), Get(5, 6, "a"));

    [Fact]
    public void A_read_after_a_put_does_not_see_the_value_before() => Refused(Put(0, 1, "a"), Put(2, 3, "b"), Get(4, 5, "a"));

    [Fact]
    public void A_put_that_is_applied_twice_is_refused() => Refused(Put(0, 9, "1"), Get(1, 2, "1"), Put(3, 4, "2"), Get(10, 11, "1"));

    [Fact]
    public void A_put_that_was_acknowledged_and_lost_is_refused() => Refused(Put(0, 1, "a"), Get(2, 3, null));

    [Fact]
    public void A_value_that_was_never_put_is_refused() => Refused(Put(0, 1, "a"), Get(2, 3, "b"));

    [Fact]
    public void All_readers_see_concurrent_puts_in_one_order()
    {
        Accepted(Put(0, 5, "a"), Put(0, 5, "b"), Get(6, 7, "a"), Get(8, 9, "a"));
        Refused(Put(0, 5, "a"), Put(0, 5, "b"), Get(6, 7, "a"), Get(8, 9, "b"));
    }

    [Fact]
    public void A_compare_and_set_is_stored_only_over_its_expected_value()
    {
        Accepted(Set(0, 1, null, "a"), Set(2, 3, "a", "b"), Get(4, 5, "b"));
        Refused(Set(0, 1, null, "a"), Set(2, 3, "b", "c"));
        Accepted(Put(0, 1, "a"), Set(2, 3, "b", "c", Outcome.Refused), Get(4, 5, "a"));
        Refused(Put(0, 1, "a"), Set(2, 3, "a", "b", Outcome.Refused));
    }

    [Fact]
    public void Of_two_compare_and_sets_at_once_one_is_stored()
    {
        Accepted(Put(0, 1, "a"), Set(2, 9, "a", "b"), Set(2, 9, "a", "c", Outcome.Refused));
        Refused(Put(0, 1, "a"), Set(2, 9, "a", "b"), Set(2, 9, "a", "c"));
    }

    [Fact]
    public void An_unknown_outcome_may_be_applied_late_or_never_but_not_twice()
    {
        HistoryOperation lost = Put(2, HistoryOperation.Never, "b", Outcome.Unknown);
        Accepted(Put(0, 1, "a"), lost, Get(4, 5, "a"));
        Accepted(Put(0, 1, "a"), lost, Get(4, 5, "a"), Get(90, 91, "b"));
        Refused(Put(0, 1, "a"), lost, Get(4, 5, "b"), Put(6, 7, "c"), Get(8, 9, "b"));
        Refused(Put(0, 1, "a"), Get(1, 1, "b"), lost);
    }

    [Fact]
    public void An_unknown_outcome_may_explain_why_a_compare_and_set_was_refused_or_stored()
    {
        Accepted(Put(0, 1, "a"), Put(2, HistoryOperation.Never, "b", Outcome.Unknown), Set(4, 5, "a", "c", Outcome.Refused));
        Accepted(Put(0, 1, "a"), Put(2, HistoryOperation.Never, "b", Outcome.Unknown),
            Set(3, HistoryOperation.Never, "b", "c", Outcome.Unknown), Get(4, 5, "c"));
        Refused(Put(0, 1, "a"), Set(3, HistoryOperation.Never, "b", "c", Outcome.Unknown), Get(4, 5, "c"));
    }

    [Fact]
    public void An_unknown_outcome_with_a_last_moment_is_not_applied_after_it()
    {
        HistoryOperation givenUp = Put(2, 10, "b", Outcome.Unknown);
        Accepted(Put(0, 1, "a"), givenUp, Put(9, 10, "c"), Get(11, 12, "c"));
        Accepted(Put(0, 1, "a"), givenUp, Get(5, 12, "a"), Get(11, 12, "b"));
        Refused(Put(0, 1, "a"), givenUp, Get(11, 12, "a"), Get(11, 12, "b"));
        Refused(Put(0, 1, "a"), givenUp, Put(9, 10, "c"), Get(11, 12, "c"), Get(13, 14, "b"));
        Accepted(Put(0, 1, "a"), givenUp, Set(20, 40, "x", "y", Outcome.Refused), Get(15, 30, "b"));
    }

    [Fact]
    public void It_agrees_with_an_exhaustive_search_of_thousands_of_small_histories()
    {
        Random random = new(1);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            List<HistoryOperation> history = [.. Enumerable.Range(0, random.Next(1, 7)).Select(each => Any(random, $"{each}"))];
            bool possible = EveryOrder(history, null, long.MinValue);
            (RegisterChecker.Violation(history) is null).ShouldBe(possible, $"history {i}:\n{string.Join('\n', history)}");
            accepted += possible ? 1 : 0;
        }

        accepted.ShouldBeInRange(2_000, 18_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_search_takes_few_steps_for_each_operation_whether_they_are_linearizable_or_not(int seed)
    {
        List<HistoryOperation> history = Random(seed, operations: 2000, processes: 9);
        RegisterChecker.Violation(history, out int steps).ShouldBeNull();
        steps.ShouldBeLessThan(4 * history.Count);

        // One acknowledged put is lost.
        int last = history.FindLastIndex(history.Count / 2, operation => operation.IsRead && operation.Value is not null);
        history[last] = history[last] with { Value = "never put" };
        RegisterChecker.Violation(history, out steps).ShouldNotBeNull();
        steps.ShouldBeLessThan(4 * history.Count);
    }

    // Processes that do one operation at a time on a linearizable register. Some of them never learn the outcome.
    private static List<HistoryOperation> Random(int seed, int operations, int processes)
    {
        Random random = new(seed);
        List<HistoryOperation> history = [];
        long[] free = new long[processes];
        string? stored = null;
        for (int i = 0; i < operations; i++)
        {
            // It is applied at 10 × i, somewhere between its call and its return.
            int process = random.Next(processes);
            long invoked = Math.Max(free[process], (10 * i) - random.Next(100));
            long returned = (10 * i) + random.Next(100);
            if (invoked >= 10 * i)
            {
                continue;
            }

            free[process] = returned + 1;
            bool unknown = random.Next(50) == 0;
            string value = $"{i}";
            switch (random.Next(4))
            {
                case 0:
                    history.Add(Put(invoked, unknown ? HistoryOperation.Never : returned, value, unknown ? Outcome.Unknown : Outcome.Done));
                    stored = unknown && random.Next(2) == 0 ? stored : value;
                    break;
                case 1:
                    string? expected = random.Next(2) == 0 ? stored : $"{random.Next(i + 1)}";
                    bool matches = expected == stored;
                    history.Add(Set(invoked, unknown ? HistoryOperation.Never : returned, expected, value, unknown ? Outcome.Unknown
                        : matches ? Outcome.Done : Outcome.Refused));
                    stored = matches ? value : stored;
                    break;
                default:
                    history.Add(Get(invoked, returned, stored));
                    break;
            }
        }

        return history;
    }

    private static HistoryOperation Any(Random random, string put)
    {
        long invoked = random.Next(20);
        long returned = invoked + random.Next(15);
        string? other = random.Next(7) is var value and > 0 ? $"{value - 1}" : null;
        bool unknown = random.Next(3) == 0;
        long latest = unknown && random.Next(2) == 0 ? HistoryOperation.Never : returned;
        return random.Next(3) switch
        {
            0 => Get(invoked, returned, other),
            1 => Put(invoked, latest, random.Next(5) == 0 ? null : put, unknown ? Outcome.Unknown : Outcome.Done),
            _ => Set(invoked, latest, other, put, unknown ? Outcome.Unknown : random.Next(2) == 0 ? Outcome.Refused : Outcome.Done),
        };
    }

    // The exhaustive search. An unknown operation may be placed at any moment up to its last one, or never.
    private static bool EveryOrder(List<HistoryOperation> left, string? stored, long lastInvoked)
    {
        if (left.TrueForAll(operation => operation.Outcome == Outcome.Unknown))
        {
            return true;
        }

        long firstReturn = left.Where(operation => operation.Outcome != Outcome.Unknown).Min(operation => operation.Returned);
        return left.Where(operation => operation.Invoked <= firstReturn && operation.Returned >= lastInvoked).Any(next =>
        {
            bool matches = next.Kind != OperationKind.CompareAndSet || next.Expected == stored;
            bool fits = next.IsRead ? next.Value == stored : matches != (next.Outcome == Outcome.Refused);
            string? then = next.IsRead || next.Outcome == Outcome.Refused ? stored : next.Value;
            return fits && EveryOrder([.. left.Where(other => !ReferenceEquals(other, next))], then, Math.Max(lastInvoked, next.Invoked));
        });
    }

    private static void Accepted(params HistoryOperation[] history) => RegisterChecker.Violation(history).ShouldBeNull();

    private static void Refused(params HistoryOperation[] history) => RegisterChecker.Violation(history).ShouldNotBeNull();

    private static HistoryOperation Get(long invoked, long returned, string? value) =>
        new("p", "x", OperationKind.Get, value, null, Outcome.Done, invoked, returned);

    private static HistoryOperation Put(long invoked, long returned, string? value, Outcome outcome = Outcome.Done) =>
        new("p", "x", OperationKind.Put, value, null, outcome, invoked, returned);

    private static HistoryOperation Set(long invoked, long returned, string? expected, string? value, Outcome outcome = Outcome.Done) =>
        new("p", "x", OperationKind.CompareAndSet, value, expected, outcome, invoked, returned);
}
