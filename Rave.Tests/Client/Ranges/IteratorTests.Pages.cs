using Rave.Client;

namespace Rave.Tests.Client;

public sealed partial class IteratorTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 1000).Select(i => $"{i:0000}")];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_reads_single_entries_and_groups_across_page_boundaries(bool leads)
    {
        await using SharedHandle shared = await FilledAsync(leads);
        await using RangeIterator<string, string> iterator = shared.Db.Iterator(new() { Limit = 950 });
        (await iterator.NextAsync())!.Value.Key.ShouldBe("0000");
        (await iterator.NextManyAsync(499)).Select(entry => entry.Key).ShouldBe(Keys[1..500]);
        iterator.Count.ShouldBe(500);
        iterator.Limit.ShouldBe(950);
        (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(Keys[500..950]);
        (await iterator.NextAsync().AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_ITERATOR_NOT_OPEN");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Seek_jumps_in_both_directions_and_keeps_the_limit(bool leads)
    {
        await using SharedHandle shared = await FilledAsync(leads);
        await using RangeIterator<string, string> forward = shared.Db.Iterator(new() { Gte = "0100", Lt = "0900", Limit = 5 });
        (await forward.NextManyAsync(2)).Select(entry => entry.Key).ShouldBe(["0100", "0101"]);
        forward.Seek("0800a");
        (await forward.NextManyAsync(9)).Select(entry => entry.Key).ShouldBe(["0801", "0802", "0803"]);

        await using RangeIterator<string, string> backward = shared.Db.Iterator(new() { Reverse = true, Gte = "0100" });
        backward.Seek("0500a");
        (await backward.NextAsync())!.Value.Key.ShouldBe("0500");
        backward.Seek("0999");
        (await backward.NextAsync())!.Value.Key.ShouldBe("0999");
    }

    [Theory]
    [InlineData("0099")]
    [InlineData("0900")]
    public async Task Seeking_outside_the_range_is_the_end(string target)
    {
        await using SharedHandle shared = await FilledAsync(leads: true);
        await using RangeIterator<string, string> iterator = shared.Db.Iterator(new() { Gte = "0100", Lt = "0900" });
        iterator.Seek(target);
        (await iterator.NextAsync()).ShouldBeNull();
        iterator.Seek("0100");
        (await iterator.NextAsync())!.Value.Key.ShouldBe("0100");
    }

    [Fact]
    public async Task A_sublevel_s_iterator_seeks_in_its_own_keys()
    {
        await using SharedHandle shared = await FilledAsync(leads: true);
        Sublevel<string, string> sublevel = shared.Db.Sublevel("s");
        await sublevel.BatchAsync(Keys.Select(key => BatchOperation.Put(key, "")));
        await using RangeIterator<string, string> iterator = sublevel.Iterator();
        iterator.Seek("0998");
        (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(["0998", "0999"]);
    }

    [Fact]
    public async Task Two_calls_at_once_are_a_mistake_that_is_reported()
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads: true);
        await using RaveLevel orphan = await RaveLevel.OpenAsync(shared.Db.Location, new() { CanLead = false });
        await shared.Db.CloseAsync();
        await using RangeIterator<string, string> iterator = orphan.Iterator();

        // There is no leader, so the first call waits.
        Task first = iterator.NextAsync().AsTask();
        Should.Throw<RaveException>(() => iterator.Seek("a")).Code.ShouldBe("LEVEL_ITERATOR_BUSY");
        (await iterator.NextAsync().AsTask().ShouldThrowAsync<RaveException>()).Code.ShouldBe("LEVEL_ITERATOR_BUSY");
        await orphan.CloseAsync();
        await first.ShouldThrowAsync<RaveException>();
    }

    private static async Task<SharedHandle> FilledAsync(bool leads)
    {
        SharedHandle shared = await SharedHandle.OpenAsync(leads);
        await shared.Db.BatchAsync(Keys.Select(key => BatchOperation.Put(key, $"value of {key}")));
        return shared;
    }
}
