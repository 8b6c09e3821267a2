namespace Rave.Tests.History;

// The rules find what is wrong.
public sealed class HistoryRulesTests
{
    private static readonly HistoryOperation First = Put("1", 0, 10);
    private static readonly HistoryOperation Second = Put("2", 20, 30);

    [Fact]
    public void A_feed_with_every_put_once_and_in_order_is_right() => Tell([First, Second], "1", "2");

    [Fact]
    public void A_put_that_was_not_reported_is_found() => Wrong([First, Second], "2").ShouldContain("never told");

    [Fact]
    public void A_put_that_was_reported_twice_is_found() => Wrong([First, Second], "1", "2", "1").ShouldContain("told twice");

    [Fact]
    public void Puts_that_were_reported_in_the_wrong_order_are_found() => Wrong([First, Second], "2", "1").ShouldContain("began later");

    [Fact]
    public void A_put_that_was_refused_or_never_made_and_is_reported_is_found()
    {
        Wrong([First, Second with { Outcome = Outcome.Refused }], "1", "2").ShouldContain("nobody has put");
        Wrong([First], "1", "2").ShouldContain("nobody has put");
    }

    [Fact]
    public void A_put_in_doubt_may_be_reported_or_not()
    {
        HistoryOperation doubtful = Second with { Outcome = Outcome.Unknown, Returned = HistoryOperation.Never };
        Tell([First, doubtful], "1", "2");
        Tell([First, doubtful], "1");
    }

    [Fact]
    public void A_put_may_be_missing_only_beside_another_write_of_its_process()
    {
        HistoryOperation beside = Put("2", 5, 12);
        Tell([First, beside], "2");
        Wrong([First, beside with { Process = "another" }], "2").ShouldContain("never told");
    }

    private static HistoryOperation Put(string value, long invoked, long returned) =>
        new("p", "x", OperationKind.Put, value, null, Outcome.Done, invoked, returned);

    private static void Tell(List<HistoryOperation> history, params string[] values) =>
        HistoryRules.ShouldTell(seed: 0, history, values.Select(value => new RecordedChange("x", value)));

    private static string Wrong(List<HistoryOperation> history, params string[] values) =>
        Should.Throw<ShouldAssertException>(() => Tell(history, values)).Message;
}
