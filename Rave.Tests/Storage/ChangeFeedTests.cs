using System.Text;
using Rave.Client;
using Rave.Server.Engine;
using Rave.Server.Storage;
using Rave.Tests.Harness;

namespace Rave.Tests.Storage;

public sealed class ChangeFeedTests : IAsyncLifetime
{
    private static readonly KeyRange Everything = RangeBounds.All.ToRange();

    private readonly TempDirectory _directory = new();
    private readonly LevelStore _store;

    public ChangeFeedTests() =>
        _store = LevelStore.Open(_directory.Path, new(), create: true, new Limits { Subscribers = 2 }, TimeProvider.System);

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Nothing_is_kept_before_the_first_subscription()
    {
        await PutAsync("a");
        _store.Changes.Newest.ShouldBeNull();
        using IChangeSubscription feed = await SubscribeAsync();
        _store.Changes.Newest.ShouldBe(0);
        await PutAsync("b");
        _store.Changes.Newest.ShouldBe(1);
        Read(feed).ShouldBe(["1.0 Put b b last"]);
    }

    [Fact]
    public async Task Every_write_before_a_subscription_is_applied_when_it_begins()
    {
        using StoreBatch large = new(_store.Limits);
        large.Put("large"u8, new byte[_store.Limits.ValueBytes]);
        Task writing = _store.WriteAsync(large, sync: false).AsTask();
        using IChangeSubscription feed = await SubscribeAsync();
        writing.IsCompletedSuccessfully.ShouldBeTrue();
        await PutAsync("a");
        Read(feed).ShouldBe(["1.0 Put a a last"]);
    }

    [Fact]
    public async Task Subscribers_are_counted_and_limited()
    {
        IChangeSubscription first = await SubscribeAsync();
        using IChangeSubscription second = await SubscribeAsync();
        (await Should.ThrowAsync<RaveException>(SubscribeAsync())).Code.ShouldBe(ErrorCodes.TooMany);
        first.Dispose();
        first.Dispose();
        _store.Changes.Subscribers.ShouldBe(1);
        using IChangeSubscription third = await SubscribeAsync();
    }

    [Fact]
    public async Task A_write_wakes_a_waiting_reader_and_closing_does_too()
    {
        using IChangeSubscription feed = await SubscribeAsync();
        Task waiting = feed.WaitAsync(CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();
        await PutAsync("a");
        await waiting.Soon();
        Read(feed).Count.ShouldBe(1);
        waiting = feed.WaitAsync(CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();
        await _store.DisposeAsync();
        await waiting.Soon();
        Should.Throw<RaveException>(() => Read(feed)).Code.ShouldBe(ErrorCodes.DatabaseNotOpen);
    }

    [Fact]
    public async Task Internal_records_are_not_reported()
    {
        using IChangeSubscription feed = await SubscribeAsync();
        using StoreBatch mixed = new(_store.Limits);
        mixed.DeleteStored(ReservedKeys.Prefix).Put("a"u8, "1"u8).DeleteStored([.. ReservedKeys.Prefix, 1]);
        await _store.WriteAsync(mixed, sync: false);
        using StoreBatch own = new(_store.Limits);
        await _store.WriteAsync(own.DeleteStored(ReservedKeys.Prefix), sync: false);
        await _store.ProbeAsync(CancellationToken.None);
        await PutAsync("b");
        Read(feed).ShouldBe(["1.0 Put a 1 last", "2.0 Put b b last"]);
    }

    [Fact]
    public async Task A_subscriber_that_is_too_slow_for_the_tail_gets_a_gap_and_continues()
    {
        using IChangeSubscription feed = await SubscribeAsync();
        await FloodAsync();
        Read(feed).ShouldBe(["17.0 Gap"]);
        await PutAsync("a");
        Read(feed).ShouldBe(["18.0 Put a a last"]);
    }

    [Fact]
    public async Task A_batch_that_is_dropped_while_it_is_read_ends_in_a_gap()
    {
        using IChangeSubscription feed = await SubscribeAsync();
        using StoreBatch batch = new(_store.Limits);
        await _store.WriteAsync(batch.Put("a"u8, "1"u8).Put("b"u8, "2"u8), sync: false);
        feed.TryRead(out Change first).ShouldBeTrue();
        Describe(first).ShouldBe("1.0 Put a 1");
        await FloodAsync();
        Read(feed).ShouldBe(["18.0 Gap"]);
    }

    [Fact]
    public async Task The_newest_batch_is_reported_at_any_size()
    {
        using IChangeSubscription feed = await SubscribeAsync();
        await _store.PutAsync("large"u8.ToArray(), new byte[2 * ChangeFeed.TailBytes], sync: false);
        feed.TryRead(out Change change).ShouldBeTrue();
        change.Value.Length.ShouldBe((int)(2 * ChangeFeed.TailBytes));
    }

    [Fact]
    public async Task The_tail_keeps_a_bounded_number_of_small_batches()
    {
        using IChangeSubscription feed = await SubscribeAsync();
        for (int i = 0; i < ChangeFeed.TailBatches - 1; i++)
        {
            await PutAsync("a");
        }

        using IChangeSubscription first = await _store.SubscribeAsync(Everything, new FeedPlace(0, new(1, 0)), CancellationToken.None);
        first.TryRead(out Change second).ShouldBeTrue();
        Describe(second).ShouldBe("2.0 Put a a last");
        first.Dispose();
        await PutAsync("b");
        Read(feed).ShouldBe([$"{ChangeFeed.TailBatches}.0 Gap"]);
        using IChangeSubscription dropped = await _store.SubscribeAsync(Everything, new FeedPlace(0, new(1, 0)), CancellationToken.None);
        Read(dropped).ShouldBe([$"{ChangeFeed.TailBatches}.0 Gap"]);
    }

    [Theory]
    [InlineData("b", new[] { "1.0 Put b b last", "2.0 Delete a ", "2.1 Delete c  last" })]
    [InlineData("c", new[] { "1.0 Put c c last", "2.0 Delete a ", "2.1 Delete c  last" })]
    [InlineData("d", new[] { "1.0 Put d d last", "2.0 Clear a c last" })]
    public async Task A_clear_during_which_a_key_was_put_is_reported_as_dels(string key, string[] reported)
    {
        using IChangeSubscription feed = await SubscribeAsync();
        using StoreBatch clear = new(_store.Limits) { ClearPosition = _store.Changes.Newest };
        clear.DeleteStored("a"u8).DeleteStored("c"u8);
        await PutAsync(key);
        await _store.WriteAsync(clear, sync: false);
        Read(feed).ShouldBe(reported);
    }

    // More than the tail keeps.
    private async Task FloodAsync()
    {
        for (int i = 0; i < 17; i++)
        {
            await _store.PutAsync("flood"u8.ToArray(), new byte[1 << 20], sync: false);
        }
    }

    private async Task PutAsync(string key) => await _store.PutAsync(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(key), sync: false);

    private Task<IChangeSubscription> SubscribeAsync() => _store.SubscribeAsync(Everything, after: null, CancellationToken.None).AsTask();

    // All current entries.
    private static List<string> Read(IChangeSubscription feed)
    {
        List<string> changes = [];
        while (feed.TryRead(out Change change))
        {
            changes.Add(Describe(change));
        }

        return changes;
    }

    private static string Describe(Change change)
    {
        string place = $"{change.Place.Position.Sequence}.{change.Place.Position.Index} {change.Type}";
        return change.Type == ChangeType.Gap
            ? place
            : $"{place} {Encoding.UTF8.GetString(change.Key)} {Encoding.UTF8.GetString(change.Value)}{(change.IsLast ? " last" : "")}";
    }
}
