using Rave.Client;

namespace Rave.Tests.Client;

public sealed partial class IteratorTests(Subjects subjects) : IClassFixture<Subjects>
{
    private static readonly string[] Abc = ["a", "b", "c"];

    [Theory, EverySubject]
    public async Task Next_delivers_each_entry_and_then_always_null(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        await using RangeIterator<string, string> iterator = db.Iterator();
        foreach (string key in Abc)
        {
            (await iterator.NextAsync()).ShouldBe(new(key, Subjects.Value(key)));
        }

        (await iterator.NextAsync()).ShouldBeNull();
        (await iterator.NextAsync()).ShouldBeNull();
        iterator.Count.ShouldBe(3);
    }

    [Theory, EverySubject]
    public async Task An_empty_range_is_at_its_end_at_once(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject);
        await using RangeIterator<string, string> iterator = db.Iterator();
        (await iterator.NextAsync()).ShouldBeNull();
        (await iterator.NextManyAsync(10)).ShouldBeEmpty();
        (await iterator.AllAsync()).ShouldBeEmpty();
        iterator.Count.ShouldBe(0);
    }

    [Theory]
    [EverySubject(1)]
    [EverySubject(2)]
    [EverySubject(3)]
    [EverySubject(1000)]
    public async Task Next_many_delivers_the_requested_number_until_the_end(Subject subject, int size)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        await using RangeIterator<string, string> iterator = db.Iterator();
        List<string> keys = [];
        while (await iterator.NextManyAsync(size) is { Count: > 0 } portion)
        {
            portion.Count.ShouldBe(Math.Min(size, 3 - keys.Count));
            keys.AddRange(portion.Select(entry => entry.Key));
            iterator.Count.ShouldBe(keys.Count);
        }

        keys.ShouldBe(Abc);
    }

    [Theory]
    [EverySubject(0)]
    [EverySubject(-1)]
    public async Task Next_many_of_size_zero_is_a_mistake(Subject subject, int size)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        await using RangeIterator<string, string> iterator = db.Iterator();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await iterator.NextManyAsync(size));
        (await iterator.NextAsync())!.Value.Key.ShouldBe("a", "it is free for the next call");
    }

    [Theory, EverySubject]
    public async Task All_delivers_the_remaining_entries_and_ends_the_iterator(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        RangeIterator<string, string> iterator = db.Iterator();
        await iterator.NextAsync();
        (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(["b", "c"]);
        (await Should.ThrowAsync<RaveException>(async () => await iterator.AllAsync())).Code.ShouldBe("LEVEL_ITERATOR_NOT_OPEN");
    }

    [Theory]
    [EverySubject("next")]
    [EverySubject("next-many")]
    [EverySubject("all")]
    [EverySubject("seek")]
    public async Task A_disposed_iterator_refuses_calls(Subject subject, string operation)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        RangeIterator<string, string> iterator = db.Iterator();
        await iterator.DisposeAsync();
        await iterator.DisposeAsync();
        RaveException failure = await Should.ThrowAsync<RaveException>(async () => await CallAsync(iterator, operation));
        failure.Code.ShouldBe("LEVEL_ITERATOR_NOT_OPEN");
    }

    [Theory, EverySubject]
    public async Task Count_and_limit_report_the_delivered_and_the_allowed_entries(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        await using RangeIterator<string, string> limited = db.Iterator(new() { Limit = 2 });
        limited.Limit.ShouldBe(2);
        limited.Count.ShouldBe(0);
        (await limited.NextManyAsync(10)).Count.ShouldBe(2);
        (await limited.NextAsync()).ShouldBeNull();
        limited.Count.ShouldBe(2);
        await using RangeIterator<string, string> unlimited = db.Iterator();
        unlimited.Limit.ShouldBeNull();
    }

    [Theory, EverySubject]
    public async Task A_loop_that_ends_early_leaks_nothing(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        await foreach ((string key, _) in db.Iterate())
        {
            key.ShouldBe("a");
            break;
        }

        await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await foreach (string _ in db.Keys())
            {
                throw new InvalidOperationException("of the loop's own");
            }
        });
        (await db.Keys().ToArrayAsync()).ShouldBe(Abc);
    }

    [Theory, EverySubject]
    public async Task A_sequence_can_be_walked_twice(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        IAsyncEnumerable<string> keys = db.Keys();
        (await keys.ToArrayAsync()).ShouldBe(Abc);
        await db.PutAsync("d", "");
        (await keys.ToArrayAsync()).ShouldBe([.. Abc, "d"]);
    }

    [Theory, EverySubject]
    public async Task A_walk_stops_when_it_is_cancelled(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        using CancellationTokenSource source = new();
        List<string> seen = [];
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (string key in db.Keys().WithCancellation(source.Token))
            {
                seen.Add(key);
                await source.CancelAsync();
            }
        });
        seen.ShouldBe(["a"]);
    }

    [Theory, EverySubject]
    public async Task Writes_are_visible_in_pages_that_were_not_read_yet(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        await using RangeIterator<string, string> iterator = db.Iterator();
        await db.PutAsync("d", "");
        (await iterator.NextAsync())!.Value.Key.ShouldBe("a");
        await db.ClearAsync();
        (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(["b", "c", "d"]);
    }

    [Theory, EverySubject]
    public async Task An_iterator_of_a_snapshot_sees_its_state(Subject subject)
    {
        AbstractLevel<string, string> db = await subjects.EmptyAsync(subject, Abc);
        await using Snapshot snapshot = await subjects.HandleOf(subject).SnapshotAsync();
        await db.Batch().Put("a", "new").Delete("b").Put("d", "new").WriteAsync();
        RangeOptions<string> then = new() { Snapshot = snapshot };
        await using RangeIterator<string, string> iterator = db.Iterator(then);
        (await iterator.AllAsync()).ShouldBe(Abc.Select(key => KeyValuePair.Create(key, Subjects.Value(key))));
        (await db.Keys(then with { Reverse = true }).ToArrayAsync()).ShouldBe(["c", "b", "a"]);
        (await db.Values(then with { Gte = "b" }).ToArrayAsync()).ShouldBe(["value of b", "value of c"]);
    }

    private static async Task CallAsync(RangeIterator<string, string> iterator, string operation)
    {
        switch (operation)
        {
            case "next": await iterator.NextAsync(); break;
            case "next-many": await iterator.NextManyAsync(1); break;
            case "all": await iterator.AllAsync(); break;
            default: iterator.Seek("a"); break;
        }
    }
}
