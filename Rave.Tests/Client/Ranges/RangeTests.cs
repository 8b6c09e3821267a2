using Rave.Client;

namespace Rave.Tests.Client;

// Every combination of bounds, direction and limit, against a model that sorts and filters.
public sealed class RangeTests(Subjects subjects) : IClassFixture<Subjects>
{
    private static readonly string[] Keys = ["", "a", "b", "b!", "ba", "c", "d", "ä"];

    // Bounds: one that is a key, one between two keys, one before and one after all keys, and none.
    private static readonly string?[] Lower = [null, "", "b", "bb"];
    private static readonly string?[] Upper = [null, "", "ba", "cc"];

    [Theory]
    [EverySubject(false)]
    [EverySubject(true)]
    public async Task Every_combination_of_bounds_selects_the_same_as_the_model(Subject subject, bool reverse)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        foreach (RangeOptions<string> range in Combinations(reverse))
        {
            string[] expected = Model(range);
            (await db.Keys(range).ToArrayAsync()).ShouldBe(expected, $"{range}");
            (await db.CountAsync(range)).ShouldBe(expected.Length, $"{range}");
        }
    }

    [Theory]
    [EverySubject(false, 0L)]
    [EverySubject(false, 1L)]
    [EverySubject(false, 3L)]
    [EverySubject(false, 100L)]
    [EverySubject(false, -1L)]
    [EverySubject(true, 0L)]
    [EverySubject(true, 1L)]
    [EverySubject(true, 3L)]
    [EverySubject(true, 100L)]
    [EverySubject(true, -1L)]
    public async Task A_limit_counts_in_the_direction_of_the_walk(Subject subject, bool reverse, long limit)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        foreach (RangeOptions<string> bounds in (RangeOptions<string>[])[new(), new() { Gte = "b" }, new() { Lt = "c" },
            new() { Gt = "a", Lte = "c" }])
        {
            RangeOptions<string> range = bounds with { Reverse = reverse, Limit = limit };
            string[] expected = Model(range);
            (await db.Keys(range).ToArrayAsync()).ShouldBe(expected, $"{range}");
            (await db.Values(range).ToArrayAsync()).ShouldBe(expected.Select(Subjects.Value), $"{range}");
            (await db.Iterate(range).ToArrayAsync()).ShouldBe(expected.Select(Entry), $"{range}");
            await using RangeIterator<string, string> iterator = db.Iterator(range);
            (await iterator.AllAsync()).ShouldBe(expected.Select(Entry), $"{range}");
            iterator.Count.ShouldBe(expected.Length);
            iterator.Limit.ShouldBe(limit < 0 ? null : limit);
        }
    }

    [Theory, EverySubject]
    public async Task A_limit_below_minus_one_is_a_mistake(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a");
        RangeOptions<string> range = new() { Limit = -2 };
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await db.Keys(range).ToArrayAsync());
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await db.ClearAsync(range));
        Should.Throw<ArgumentOutOfRangeException>(() => db.Iterator(range));
        (await db.CountAsync()).ShouldBe(1);
    }

    [Theory]
    [EverySubject("b", "b,b!,ba")]
    [EverySubject("ba", "ba")]
    [EverySubject("", ",a,b,b!,ba,c,d,ä")]
    [EverySubject("x", null)]
    public async Task A_prefix_selects_the_keys_that_begin_with_it(Subject subject, string prefix, string? expected)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        (await db.Keys(new() { Prefix = prefix }).ToArrayAsync()).ShouldBe(expected?.Split(',') ?? []);
    }

    [Theory, EverySubject]
    public async Task A_prefix_and_bounds_select_their_intersection(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        (await db.Keys(new() { Prefix = "b", Gt = "b", Lt = "ba" }).ToArrayAsync()).ShouldBe(["b!"]);
        (await db.Keys(new() { Prefix = "b", Gte = "c" }).ToArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [EverySubject(false)]
    [EverySubject(true)]
    public async Task A_walk_over_many_pages_misses_and_repeats_nothing(Subject subject, bool reverse)
    {
        string[] keys = [.. Enumerable.Range(0, 2500).Select(i => $"{i:0000}")];
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, keys);
        (await db.Keys(new() { Reverse = reverse }).ToArrayAsync()).ShouldBe(reverse ? keys.Reverse() : keys);

        // Deleted keys cost every later walk in reverse a search each, until they are compacted away.
        await db.ClearAsync();
        await NotOffered.OrAsync(subject, "compact", async () => await db.CompactRangeAsync());
    }

    [Theory]
    [EverySubject(false)]
    [EverySubject(true)]
    public async Task A_clear_deletes_exactly_its_range(Subject subject, bool reverse)
    {
        // Not all combinations, because each one starts from the beginning.
        foreach (RangeOptions<string> bounds in Combinations(reverse).Where((_, i) => i % 11 == 0))
        {
            foreach (long limit in (long[])[-1, 0, 2])
            {
                RangeOptions<string> range = bounds with { Limit = limit };
                AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
                await db.ClearAsync(range);
                (await db.Keys().ToArrayAsync()).ShouldBe(Keys.Except(Model(range)), $"{range}");
            }
        }
    }

    [Theory, EverySubject]
    public async Task A_clear_without_a_range_deletes_everything_of_the_level_and_nothing_else(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Keys);
        await db.PutAsync("more", "");
        await db.ClearAsync();
        await db.ClearAsync();
        (await db.CountAsync()).ShouldBe(0);
        if (db is Sublevel<string, string> sublevel)
        {
            (await subjects.HandleOf(subject).Keys().ToArrayAsync()).ShouldBe(Subjects.Neighbours(sublevel).Order(StringComparer.Ordinal));
        }
    }

    [Theory, EverySubject]
    public async Task A_clear_of_a_snapshot_deletes_only_keys_that_it_holds(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, "a", "b");
        await using Snapshot snapshot = await subjects.HandleOf(subject).SnapshotAsync();
        await db.Batch().Put("a", "new").Put("c", "new").WriteAsync();
        await db.ClearAsync(new() { Snapshot = snapshot });
        (await db.Keys().ToArrayAsync()).ShouldBe(["c"]);
    }

    private static KeyValuePair<string, string> Entry(string key) => new(key, Subjects.Value(key));

    private static IEnumerable<RangeOptions<string>> Combinations(bool reverse) =>
        from gt in Lower
        from gte in Lower
        from lt in Upper
        from lte in Upper
        select new RangeOptions<string> { Gt = gt, Gte = gte, Lt = lt, Lte = lte, Reverse = reverse };

    // The inclusive one of a pair wins.
    private static string[] Model(RangeOptions<string> range)
    {
        IEnumerable<string> selected = Keys.Where(key =>
            (range.Gte.IsSet ? Compare(key, range.Gte.Key!) >= 0 : !range.Gt.IsSet || Compare(key, range.Gt.Key!) > 0)
            && (range.Lte.IsSet ? Compare(key, range.Lte.Key!) <= 0 : !range.Lt.IsSet || Compare(key, range.Lt.Key!) < 0));
        selected = range.Reverse ? selected.Reverse() : selected;
        return [.. range.Limit is >= 0 ? selected.Take((int)range.Limit.Value) : selected];
    }

    // As UTF-8 sorts, for these keys.
    private static int Compare(string left, string right) => string.CompareOrdinal(left, right);
}
