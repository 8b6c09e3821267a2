using System.Globalization;
using System.Text;
using Rave.Client;
using Rave.Etcd;
using Rave.Server.Storage;
using Rave.Tests.Harness;
using Rave.Tests.Storage;

namespace Rave.Tests.Etcd;

[Collection(EtcdSuite.Name)]
public sealed class ChangeTests(SharedMember member)
{
    private static readonly KeyRange All = new(null, null);

    [Fact]
    public async Task Changes_come_in_order_with_the_last_of_each_batch_marked()
    {
        using EtcdStore store = await member.OpenAsync();
        await store.PutAsync("before"u8.ToArray(), default, sync: false);
        using IChangeSubscription feed = await store.SubscribeAsync(All, after: null, CancellationToken.None);
        await store.PutAsync("a"u8.ToArray(), "1"u8.ToArray(), sync: false);
        await store.WriteAsync(batch =>
        {
            batch.Put("b"u8, "2"u8);
            batch.Put("c"u8, "3"u8);
            batch.Delete("a"u8);
        });
        await store.ClearAsync(new(), sync: false, CancellationToken.None);
        string[] reported = ["put a=1 last", "put b=2", "put c=3", "del a last", "del b", "del before", "del c last"];
        foreach (string expected in reported)
        {
            (await feed.NextAsync()).ShouldBe(expected);
        }

        feed.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task From_each_place_a_subscription_continues_with_the_next_change()
    {
        using EtcdStore store = await member.OpenAsync();
        using IChangeSubscription feed = await store.SubscribeAsync(All, after: null, CancellationToken.None);
        List<FeedPlace> places = [feed.Place!.Value];
        List<string> reported = [];
        for (int i = 0; i < 3; i++)
        {
            await store.WriteAsync(batch =>
            {
                batch.Put("a"u8, Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
                batch.Put("b"u8, default);
                batch.Put("c"u8, default);
            });
        }

        for (int i = 0; i < 9; i++)
        {
            (string text, FeedPlace place) = await feed.NextWithPlaceAsync();
            reported.Add(text);
            places.Add(place);
            FeedPlace.TryParse(place.ToString(), out FeedPlace parsed).ShouldBeTrue();
            parsed.ShouldBe(place);
        }

        for (int i = 0; i < reported.Count; i++)
        {
            using IChangeSubscription again = await store.SubscribeAsync(All, places[i], CancellationToken.None);
            foreach (string expected in reported.Skip(i))
            {
                (await again.NextAsync()).ShouldBe(expected);
            }
        }
    }

    [Fact]
    public async Task A_range_reports_only_its_changes_and_marks_the_last_of_them_in_a_batch()
    {
        using EtcdStore store = await member.OpenAsync();
        using IChangeSubscription feed = await store.SubscribeAsync(KeyRange.OfPrefix("b"u8), after: null, CancellationToken.None);
        await store.WriteAsync(batch =>
        {
            batch.Put("a"u8, default);
            batch.Put("b1"u8, default);
            batch.Put("b2"u8, default);
            batch.Put("c"u8, default);
        });
        (await feed.NextAsync()).ShouldBe("put b1=");
        (await feed.NextAsync()).ShouldBe("put b2= last");
        long last = feed.Place!.Value.Position.Sequence;
        await store.PutAsync("c"u8.ToArray(), default, sync: false);
        while (feed.Place!.Value.Position.Sequence == last)
        {
            // Its place moves on with changes outside the range.
            await feed.WaitAsync(CancellationToken.None).Soon();
            feed.TryRead(out _).ShouldBeFalse();
        }

        await store.DeleteAsync("b1"u8.ToArray(), sync: false);
        (await feed.NextAsync()).ShouldBe("del b1 last");
    }

    [Fact]
    public async Task A_place_of_another_cluster_or_of_the_future_is_a_gap_and_the_feed_continues()
    {
        using EtcdStore store = await member.OpenAsync();
        FeedPlace here;
        using (IChangeSubscription feed = await store.SubscribeAsync(All, after: null, CancellationToken.None))
        {
            here = feed.Place!.Value;
        }

        FeedPlace[] foreign =
        [
            FeedPlace.Lost,
            here with { Epoch = 1 },
            here with { Position = new(here.Position.Sequence + 1_000_000, 0) },
            here with { Position = new(0, 0) },
        ];
        foreach (FeedPlace place in foreign)
        {
            using IChangeSubscription feed = await store.SubscribeAsync(All, place, CancellationToken.None);
            feed.Place.ShouldBeNull();
            (await feed.NextAsync()).ShouldBe("gap");
            await store.PutAsync("a"u8.ToArray(), default, sync: false);
            (await feed.NextAsync()).ShouldBe("put a= last");
        }
    }

    [Fact]
    public async Task Compacted_changes_are_a_gap_and_all_others_are_reported()
    {
        using EtcdStore store = await member.OpenAsync();
        using IChangeSubscription feed = await store.SubscribeAsync(All, after: null, CancellationToken.None);
        FeedPlace start = feed.Place!.Value;
        await store.PutAsync("a"u8.ToArray(), default, sync: false);
        await store.DeleteAsync("a"u8.ToArray(), sync: false);
        await feed.NextAsync();
        (_, FeedPlace end) = await feed.NextWithPlaceAsync();
        await member.Member.CompactAsync();
        using IChangeSubscription known = await store.SubscribeAsync(All, end, CancellationToken.None);
        using IChangeSubscription lost = await store.SubscribeAsync(All, start, CancellationToken.None);
        (await lost.NextAsync()).ShouldBe("gap");
        await store.PutAsync("b"u8.ToArray(), default, sync: false);
        (await known.NextAsync()).ShouldBe("put b= last");
        (await lost.NextAsync()).ShouldBe("put b= last");
        (await feed.NextAsync()).ShouldBe("put b= last");
    }

    [Fact]
    [Differs(Differences.Feed)]
    public async Task A_reader_that_is_far_behind_the_buffer_misses_nothing()
    {
        using EtcdStore store = await member.OpenAsync();
        using IChangeSubscription feed = await store.SubscribeAsync(All, after: null, CancellationToken.None);
        for (int i = 0; i < 60; i++)
        {
            await store.PutAsync(Encoding.ASCII.GetBytes($"{i:d2}"), new byte[900_000], sync: false);
        }

        for (int i = 0; i < 60; i++)
        {
            (await feed.NextAsync()).ShouldStartWith($"put {i:d2}=");
        }
    }

    [Fact]
    public async Task Subscribers_above_the_limit_are_refused()
    {
        using EtcdStore store = await member.OpenAsync();
        List<IChangeSubscription> feeds = [];
        for (int i = 0; i < store.Limits.Subscribers; i++)
        {
            feeds.Add(await store.SubscribeAsync(All, after: null, CancellationToken.None));
        }

        await store.SubscribeAsync(All, after: null, CancellationToken.None).AsTask().ShouldFailAsync(ErrorCodes.TooMany);
        feeds[0].Dispose();
        feeds[0].Dispose();
        feeds.Add(await store.SubscribeAsync(All, after: null, CancellationToken.None));
        feeds.ForEach(feed => feed.Dispose());
        store.Figures().Subscribers.ShouldBe(0);
    }
}
