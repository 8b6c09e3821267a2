using Rave.Server.Storage;

namespace Rave.Tests.Storage;

public sealed class RangeBoundsTests
{
    private static readonly byte[] Key = [5];

    [Fact]
    public void Each_bound_has_its_own_meaning()
    {
        new RangeBounds(Gt: Key).ToRange().Start.ShouldBe([5, 0]);
        new RangeBounds(Gte: Key).ToRange().Start.ShouldBe(Key);
        new RangeBounds(Lt: Key).ToRange().End.ShouldBe(Key);
        new RangeBounds(Lte: Key).ToRange().End.ShouldBe([5, 0]);
    }

    [Fact]
    public void The_inclusive_one_of_a_pair_wins_whichever_is_narrower()
    {
        new RangeBounds(Gt: [7], Gte: Key).ToRange().Start.ShouldBe(Key);
        new RangeBounds(Gt: [3], Gte: Key).ToRange().Start.ShouldBe(Key);
        new RangeBounds(Lt: [3], Lte: Key).ToRange().End.ShouldBe([5, 0]);
        new RangeBounds(Lt: [7], Lte: Key).ToRange().End.ShouldBe([5, 0]);
    }

    [Fact]
    public void A_prefix_and_bounds_both_hold()
    {
        KeyRange range = new RangeBounds(Gte: [5, 1], Prefix: Key).ToRange();
        range.Start.ShouldBe([5, 1]);
        range.End.ShouldBe([6]);
        new RangeBounds(Gte: [7], Prefix: Key).ToRange().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void An_empty_prefix_is_not_a_bound_but_an_empty_key_is()
    {
        new RangeBounds(Prefix: []).IsAll.ShouldBeTrue();
        new RangeBounds(Prefix: [1]).IsAll.ShouldBeFalse();
        new RangeBounds(Gt: []).IsAll.ShouldBeFalse();
        RangeBounds.All.IsAll.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_before_the_empty_key()
    {
        new RangeBounds(Lt: []).ToRange().End.ShouldBe([]);
        new RangeBounds(Lte: []).ToRange().End.ShouldBe([0]);
        new RangeBounds(Gt: []).ToRange().Start.ShouldBe([0]);
    }
}
