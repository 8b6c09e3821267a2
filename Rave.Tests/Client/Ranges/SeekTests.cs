using Rave.Client;

namespace Rave.Tests.Client;

public sealed class SeekTests(Subjects subjects) : IClassFixture<Subjects>
{
    private static readonly string[] Keys = ["one", "three", "two"];

    [Theory]
    [EverySubject("", "one")]
    [EverySubject("a", "one")]
    [EverySubject("one", "one")]
    [EverySubject("p", "three")]
    [EverySubject("thr", "three")]
    [EverySubject("three", "three")]
    [EverySubject("three!", "two")]
    [EverySubject("two!", null)]
    [EverySubject("zzz", null)]
    public async Task Forward_it_continues_at_the_key_or_the_next_after_it(Subject subject, string target, string? expected)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        await using RangeIterator<string, string> iterator = db.Iterator();
        iterator.Seek(target);
        (await iterator.NextAsync())?.Key.ShouldBe(expected);
        (expected is null).ShouldBe(iterator.Count == 0);
    }

    [Theory]
    [EverySubject("", null)]
    [EverySubject("one", "one")]
    [EverySubject("p", "one")]
    [EverySubject("three!", "three")]
    [EverySubject("two!", "two")]
    [EverySubject("zzz", "two")]
    public async Task In_reverse_it_continues_at_the_key_or_the_next_before_it(Subject subject, string target, string? expected)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        await using RangeIterator<string, string> iterator = db.Iterator(new() { Reverse = true });
        iterator.Seek(target);
        (await iterator.NextAsync())?.Key.ShouldBe(expected);
        (expected is null).ShouldBe(iterator.Count == 0);
    }

    [Theory, EverySubject]
    public async Task Every_target_in_every_range_continues_as_in_the_model(Subject subject)
    {
        string[] keys = [.. Enumerable.Range(0, 10).Select(i => $"{i}")];
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, keys);
        RangeOptions<string>[] ranges =
            [new() { Gt = "2" }, new() { Gte = "2" }, new() { Lt = "7" }, new() { Lte = "7" }, new() { Gt = "2", Lt = "7" },
                new() { Gte = "2", Lte = "7" }, new() { Gt = "7", Lt = "2" }];
        foreach (RangeOptions<string> range in ranges.SelectMany(range => (RangeOptions<string>[])[range, range with { Reverse = true }]))
        {
            string[] inRange = await db.Keys(range).ToArrayAsync();
            foreach (string target in keys.SelectMany(key => (string[])[key, key + "a"]))
            {
                await using RangeIterator<string, string> iterator = db.Iterator(range);
                iterator.Seek(target);
                (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(Model(inRange, range, target), $"{range} from {target}");
            }
        }
    }

    [Theory, EverySubject]
    public async Task Seeking_again_works_backwards_and_from_the_end(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        await using RangeIterator<string, string> iterator = db.Iterator();
        (await iterator.NextManyAsync(10)).Count.ShouldBe(3);
        (await iterator.NextAsync()).ShouldBeNull();
        iterator.Seek("three");
        (await iterator.NextAsync())!.Value.Key.ShouldBe("three");
        iterator.Seek("zzz");
        (await iterator.NextAsync()).ShouldBeNull();
        iterator.Seek("one");
        (await iterator.NextAsync())!.Value.Key.ShouldBe("one");
    }

    [Theory, EverySubject]
    public async Task Seeking_keeps_the_limit_and_the_count(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        await using RangeIterator<string, string> iterator = db.Iterator(new() { Limit = 2 });
        await iterator.NextAsync();
        iterator.Seek("one");
        (await iterator.NextManyAsync(10)).Select(entry => entry.Key).ShouldBe(["one"]);
        iterator.Count.ShouldBe(2);
        iterator.Seek("one");
        (await iterator.NextAsync()).ShouldBeNull();
    }

    [Theory, EverySubject]
    public async Task Seeking_drops_prefetched_entries(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        await using RangeIterator<string, string> iterator = db.Iterator();
        await iterator.NextAsync();
        await db.PutAsync("s", "new");
        iterator.Seek("s");
        (await iterator.NextAsync())!.Value.ShouldBe(new("s", "new"));
    }

    [Theory, EverySubject]
    public async Task In_a_snapshot_it_sees_the_state_of_the_snapshot(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        await using Snapshot snapshot = await subjects.HandleOf(subject).SnapshotAsync();
        await db.DeleteAsync("three");
        await using RangeIterator<string, string> iterator = db.Iterator(new() { Snapshot = snapshot });
        iterator.Seek("three");
        (await iterator.NextAsync())!.Value.Key.ShouldBe("three");
    }

    [Theory, EverySubject]
    public async Task Keys_of_another_type_are_sought_by_their_value(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        Sublevel<long, string> numbers = db.Sublevel("numbers", Encodings.Int64, Encodings.Utf8);
        await numbers.BatchAsync(((long[])[-300, -2, 0, 7, 256]).Select(key => BatchOperation.Put(key, "")));
        await using RangeIterator<long, string> iterator = numbers.Iterator();
        iterator.Seek(-1);
        (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe([0, 7, 256]);
    }

    private static IEnumerable<string> Model(string[] inRange, RangeOptions<string> range, string target)
    {
        bool outside = (range.Gte.IsSet && Compare(target, range.Gte.Key!) < 0) || (range.Gt.IsSet && Compare(target, range.Gt.Key!) <= 0)
            || (range.Lte.IsSet && Compare(target, range.Lte.Key!) > 0) || (range.Lt.IsSet && Compare(target, range.Lt.Key!) >= 0);
        return outside ? [] : inRange.Where(key => range.Reverse ? Compare(key, target) <= 0 : Compare(key, target) >= 0);
    }

    private static int Compare(string left, string right) => string.CompareOrdinal(left, right);
}
