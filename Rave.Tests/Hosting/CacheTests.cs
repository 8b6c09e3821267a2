using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rave.Client;
using Rave.Client.Hosting;
using Rave.Tests.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Hosting;

public sealed class CacheTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_entry_exists_until_it_is_removed_or_expires(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        FakeTime time = new();
        LevelCache cache = new(shared.Db, "cache", time);
        await cache.SetAsync("stays", [1], new());
        await cache.SetAsync("empty", [], new());
        await cache.SetAsync("relative", [2], new() { AbsoluteExpirationRelativeToNow = Minute });
        cache.Set("absolute", [3], new() { AbsoluteExpiration = time.GetUtcNow() + (2 * Minute) });
        await cache.SetAsync("past", [4], new() { AbsoluteExpiration = time.GetUtcNow() }).ShouldThrowAsync<ArgumentOutOfRangeException>();

        time.Advance(Minute - TimeSpan.FromTicks(1));
        (await cache.GetAsync("relative")).ShouldBe([2]);
        time.Advance(TimeSpan.FromTicks(1));
        (await cache.GetAsync("relative")).ShouldBeNull();
        cache.Get("absolute").ShouldBe([3]);
        time.Advance(Minute);
        (await cache.GetAsync("absolute")).ShouldBeNull();
        (await cache.GetAsync("stays")).ShouldBe([1]);
        (await cache.GetAsync("empty")).ShouldBe([]);
        (await cache.GetAsync("past")).ShouldBeNull();

        await cache.RemoveAsync("stays");
        (await cache.GetAsync("stays")).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_use_renews_the_sliding_expiration_up_to_the_absolute_one(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        FakeTime time = new();
        LevelCache cache = new(shared.Db, "cache", time);
        await cache.SetAsync("a", [1], new() { SlidingExpiration = Minute, AbsoluteExpirationRelativeToNow = 5 * Minute });
        await cache.SetAsync("b", [2], new() { SlidingExpiration = Minute });
        for (int i = 0; i < 5; i++)
        {
            time.Advance(Minute - TimeSpan.FromTicks(1));
            (await cache.GetAsync("a")).ShouldBe([1], $"use {i}");
            await cache.RefreshAsync("b");
        }

        time.Advance(TimeSpan.FromTicks(5));
        (await cache.GetAsync("a")).ShouldBeNull("five minutes are over");
        (await cache.GetAsync("b")).ShouldBe([2]);
        time.Advance(1.1 * Minute);
        (await cache.GetAsync("b")).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Expired_entries_are_swept_by_one_process_at_a_time(bool leads)
    {
        await using SharedHandle shared = await SharedHandle.OpenAsync(leads);
        await using RaveLevel other = await RaveLevel.OpenAsync(shared.Db.Location);
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        FakeTime time = new();
        LevelCache cache = new(shared.Db, "cache", time);
        LevelCache theirs = new(other, "cache", time);
        await cache.SetAsync("gone", [1], new() { AbsoluteExpirationRelativeToNow = Minute });
        await cache.SetAsync("replaced", [2], new() { AbsoluteExpirationRelativeToNow = Minute });
        await theirs.SetAsync("replaced", [3], new() { AbsoluteExpirationRelativeToNow = 3 * Minute });
        await theirs.SetAsync("used", [4], new() { SlidingExpiration = Minute });
        await cache.SetAsync("stays", [5], new());
        await shared.Db.PutAsync("not the cache's", "");
        time.Advance(Minute);
        (await theirs.GetAsync("used")).ShouldBe([4]);
        time.Advance(Minute / 2);

        bool[] swept = await Task.WhenAll(cache.SweepAsync(Minute, cancellationToken), theirs.SweepAsync(Minute, cancellationToken));
        swept.ShouldBe([true, false], ignoreOrder: true);
        Sublevel<string, string> own = shared.Db.Sublevel("cache");
        (await own.Sublevel("entries", Encodings.Bytes).Keys().ToArrayAsync()).ShouldBe(["replaced", "stays", "used"]);
        (await own.Sublevel("deadlines", Encodings.Bytes, Encodings.Bytes).CountAsync()).ShouldBe(2);

        (await cache.SweepAsync(Minute, cancellationToken)).ShouldBeFalse("it was done just now");
        time.Advance(2 * Minute);
        (await theirs.SweepAsync(Minute, cancellationToken)).ShouldBeTrue();
        (await own.Sublevel("entries", Encodings.Bytes).Keys().ToArrayAsync()).ShouldBe(["stays"]);
        (await shared.Db.HasAsync("not the cache's")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_host_that_has_a_cache_and_no_database_does_not_start_and_says_what_to_add()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRaveLevelCache();
        using IHost host = builder.Build();
        (await Should.ThrowAsync<InvalidOperationException>(host.StartAsync())).Message.ShouldContain("services.AddRaveLevel(location)");
    }

    [Fact]
    public async Task The_order_in_which_cache_and_database_are_added_does_not_matter()
    {
        using TempDirectory directory = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRaveLevelCache().AddRaveLevel(directory["db"]);
        using IHost host = builder.Build();
        await host.StartAsync();
        IDistributedCache cache = host.Services.GetRequiredService<IDistributedCache>();
        await cache.SetAsync("a", [1], new());
        (await cache.GetAsync("a")).ShouldBe([1]);
        await host.StopAsync();
    }

    [Fact]
    public async Task Two_hosts_share_a_cache_and_one_continues_when_the_other_has_stopped()
    {
        using TempDirectory directory = new();
        using IHost first = await StartAsync(directory["db"]);
        using IHost second = await StartAsync(directory["db"]);
        await CacheOf(second).SetStringAsync("a", "1");
        (await CacheOf(first).GetStringAsync("a")).ShouldBe("1");
        await first.StopAsync();
        (await CacheOf(second).GetStringAsync("a").Soon()).ShouldBe("1");
        await CacheOf(second).SetStringAsync("a", "2").Soon();
        (await CacheOf(second).GetStringAsync("a")).ShouldBe("2");
    }

    private static async Task<IHost> StartAsync(string location)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRaveLevel(location).AddRaveLevelCache(options => options.Sublevel = "sessions");
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static IDistributedCache CacheOf(IHost host) => host.Services.GetRequiredService<IDistributedCache>();
}
