using Rave.Server.Storage;

namespace Rave.Tests.Storage;

public sealed class KeyRangeTests
{
    [Theory]
    [InlineData("61", "61", "62")]
    [InlineData("6162", "6162", "6163")]
    [InlineData("00", "00", "01")]
    [InlineData("61ff", "61ff", "62")]
    [InlineData("61ffff", "61ffff", "62")]
    [InlineData("feff", "feff", "ff")]
    [InlineData("ff", "ff", null)]
    [InlineData("ffff", "ffff", null)]
    public void A_prefix_ends_at_the_first_key_after_it(string prefix, string start, string? end)
    {
        KeyRange range = KeyRange.OfPrefix(Convert.FromHexString(prefix));
        Hex(range.Start).ShouldBe(start);
        Hex(range.End).ShouldBe(end);
    }

    [Fact]
    public void No_key_is_between_a_key_and_its_successor() =>
        KeyRange.Successor([0x61]).ShouldBe([0x61, 0x00]);

    [Fact]
    public void A_range_is_empty_when_it_ends_where_it_starts_or_before()
    {
        new KeyRange([1], [1]).IsEmpty.ShouldBeTrue();
        new KeyRange([2], [1]).IsEmpty.ShouldBeTrue();
        new KeyRange([1], [1, 0]).IsEmpty.ShouldBeFalse();
        new KeyRange(null, [1]).IsEmpty.ShouldBeFalse();
        new KeyRange([], []).IsEmpty.ShouldBeTrue();
        new KeyRange(null, null).IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public void An_intersection_starts_at_the_later_start_and_ends_at_the_earlier_end()
    {
        KeyRange range = new KeyRange([1], [9]).Intersect(new([3], null));
        range.Start.ShouldBe([3]);
        range.End.ShouldBe([9]);
        range = new KeyRange(null, null).Intersect(new([], [2, 0]));
        range.Start.ShouldBe([]);
        range.End.ShouldBe([2, 0]);
    }

    [Fact]
    public void Resuming_is_strict_in_both_directions()
    {
        KeyRange range = new([1], [9]);
        range.Resume([5], reverse: false).Start.ShouldBe([5, 0]);
        range.Resume([5], reverse: false).End.ShouldBe([9]);
        range.Resume([5], reverse: true).Start.ShouldBe([1]);
        range.Resume([5], reverse: true).End.ShouldBe([5]);
    }

    private static string? Hex(byte[]? key) => key is null ? null : Convert.ToHexStringLower(key);
}
