using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Client;

public sealed class ReadAheadTests : IAsyncLifetime
{
    private const int FirstPage = 100;
    private const int ThirdPage = 3;

    private static readonly string[] Keys = [.. Enumerable.Range(0, 1000).Select(i => $"{i:0000}")];

    private readonly TempDirectory _directory = new();
    private RaveLevel? _leader;

    public async ValueTask InitializeAsync()
    {
        _leader = await RaveLevel.OpenAsync(_directory["db"]);
        await _leader.BatchAsync(Keys.Select(key => BatchOperation.Put(key, $"value of {key}")));
    }

    public async ValueTask DisposeAsync()
    {
        await _leader!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_next_page_is_requested_ahead_after_a_second_page_was_read()
    {
        PageWire wire = new();
        await using RaveLevel db = await FollowAsync(wire);
        await using RangeIterator<string, string> iterator = db.Iterator();
        await iterator.NextAsync();
        (await iterator.NextManyAsync(FirstPage - 1)).Count.ShouldBe(FirstPage - 1);
        wire.Asked.ShouldBe(1, "many read no further");
        await iterator.NextAsync();
        wire.Asked.ShouldBe(3);
        (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(Keys[(FirstPage + 1)..]);
    }

    [Theory]
    [InlineData("dispose")]
    [InlineData("seek")]
    [InlineData("close")]
    public async Task A_requested_page_is_cancelled_with_its_iterator(string end)
    {
        PageWire wire = new() { Held = ThirdPage };
        await using RaveLevel db = await FollowAsync(wire);
        RangeIterator<string, string> iterator = await ReadTwoPagesAsync(db);
        switch (end)
        {
            case "dispose": await iterator.DisposeAsync(); break;
            case "close": await db.CloseAsync(); break;
            default: iterator.Seek("0500"); break;
        }

        await wire.GivenUp.Task.Soon();
        if (end == "seek")
        {
            (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(Keys[500..]);
        }
        else
        {
            (await Should.ThrowAsync<RaveException>(async () => await iterator.NextAsync())).Code.ShouldBe("LEVEL_ITERATOR_NOT_OPEN");
        }
    }

    [Fact]
    public async Task A_requested_page_is_cancelled_when_the_loop_ends_early()
    {
        PageWire wire = new() { Held = ThirdPage };
        await _leader!.BatchAsync(Keys.Select(key => BatchOperation.Put($"more {key}", "")));
        await using RaveLevel db = await FollowAsync(wire);
        await foreach (string _ in db.Keys())
        {
            if (wire.Asked == ThirdPage)
            {
                break;
            }
        }

        await wire.GivenUp.Task.Soon();
    }

    [Fact]
    public async Task A_failed_page_fails_the_call_that_needs_it_and_the_next_call_requests_it_again()
    {
        PageWire wire = new() { Failing = ThirdPage };
        await using RaveLevel db = await FollowAsync(wire);
        await using RangeIterator<string, string> iterator = await ReadTwoPagesAsync(db);
        (await iterator.NextManyAsync(2 * FirstPage - 1)).Count.ShouldBe(2 * FirstPage - 1, "available entries are delivered");
        (await Should.ThrowAsync<RaveException>(async () => await iterator.NextAsync())).Code.ShouldBe("LEVEL_CONNECTION_LOST");
        (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(Keys[(3 * FirstPage)..]);
    }

    [Fact]
    public async Task A_cancelled_or_failed_call_consumes_no_entry()
    {
        PageWire wire = new() { Held = ThirdPage };
        await using RaveLevel db = await FollowAsync(wire);
        await using RangeIterator<string, string> iterator = await ReadTwoPagesAsync(db);
        using CancellationTokenSource source = new();
        Task<IReadOnlyList<KeyValuePair<string, string>>> many = iterator.NextManyAsync(Keys.Length, source.Token).AsTask();
        await source.CancelAsync();
        await many.Soon().ShouldThrowAsync<OperationCanceledException>();
        iterator.Count.ShouldBe(FirstPage + 1);
        wire.GivenUp.Task.IsCompleted.ShouldBeFalse("the page is on its way still");

        wire.Release();
        (await iterator.NextAsync())!.Value.Key.ShouldBe(Keys[FirstPage + 1]);
        (await iterator.AllAsync()).Select(entry => entry.Key).ShouldBe(Keys[(FirstPage + 2)..]);
        iterator.Count.ShouldBe(Keys.Length);
    }

    [Fact]
    public async Task An_iterator_that_is_disposed_during_a_call_completes_this_call()
    {
        PageWire wire = new() { Held = ThirdPage };
        await using RaveLevel db = await FollowAsync(wire);
        RangeIterator<string, string> iterator = await ReadTwoPagesAsync(db);
        Task<IReadOnlyList<KeyValuePair<string, string>>> many = iterator.NextManyAsync(Keys.Length).AsTask();
        await iterator.DisposeAsync();
        wire.Release();
        (await many.Soon()).Select(entry => entry.Key).ShouldBe(Keys[(FirstPage + 1)..]);
        (await Should.ThrowAsync<RaveException>(async () => await iterator.NextAsync())).Code.ShouldBe("LEVEL_ITERATOR_NOT_OPEN");
    }

    // After the first entry of the second page, when the third page is requested.
    private static async Task<RangeIterator<string, string>> ReadTwoPagesAsync(RaveLevel db)
    {
        RangeIterator<string, string> iterator = db.Iterator();
        await iterator.NextAsync();
        await iterator.NextManyAsync(FirstPage - 1);
        await iterator.NextAsync();
        return iterator;
    }

    private async Task<RaveLevel> FollowAsync(PageWire wire) =>
        await RaveLevel.OpenAsync(_directory["db"], new() { CanLead = false, Retry = false, Wire = wire.Around });
}
