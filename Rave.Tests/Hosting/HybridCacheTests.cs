using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rave.Client;
using Rave.Tests.Harness;

namespace Rave.Tests.Hosting;

// Microsoft's HybridCache, which keeps values in memory and shares them through the program's IDistributedCache: ours.
public sealed class HybridCacheTests
{
    // The copy in this process's memory does not count.
    private static readonly HybridCacheEntryOptions Shared = new() { Flags = HybridCacheEntryFlags.DisableLocalCache };

    [Fact]
    public async Task A_cached_value_is_shared_between_hosts_across_failovers_until_it_is_removed()
    {
        using TempDirectory directory = new();
        using IHost first = await StartAsync(directory["db"]);
        using IHost second = await StartAsync(directory["db"]);
        User ada = new("Ada", [1, 2, 3]);

        // It hands the value out first and shares it then.
        Task stored = StoredAsync(second, "user:1");
        (await UserAsync(second, "user:1", () => ada)).Name.ShouldBe("Ada");
        await stored.Soon();
        (await UserAsync(first, "user:1", NeverAsked)).Numbers.ShouldBe([1, 2, 3]);

        await first.StopAsync();
        await CacheOf(second).SetAsync("user:2", ada with { Name = "Grace" }).AsTask().Soon();
        using IHost third = await StartAsync(directory["db"]);
        (await UserAsync(third, "user:1", NeverAsked)).Name.ShouldBe("Ada");
        (await UserAsync(third, "user:2", NeverAsked)).Name.ShouldBe("Grace");

        await CacheOf(third).RemoveAsync("user:1");
        (await UserAsync(second, "user:1", () => ada with { Name = "Joan" })).Name.ShouldBe("Joan");
        await second.StopAsync();
        await third.StopAsync();
    }

    [Fact]
    public async Task An_entry_expires_when_the_hybrid_cache_says_and_a_tag_removes_it_everywhere()
    {
        using TempDirectory directory = new();
        using IHost first = await StartAsync(directory["db"]);
        await CacheOf(first).SetAsync("tagged", "1", tags: ["all"]);
        await CacheOf(first).SetAsync("not tagged", "2", new() { Expiration = TimeSpan.FromDays(1) });
        (await TextAsync(first, "tagged")).ShouldBe("1");
        await CacheOf(first).RemoveByTagAsync("all");

        // A tag is looked up once per process. This process did not know it yet.
        using IHost second = await StartAsync(directory["db"]);
        (await TextAsync(second, "tagged")).ShouldBe("computed");
        (await TextAsync(second, "not tagged")).ShouldBe("2");
        await second.StopAsync();
        await first.StopAsync();
    }

    private static async Task<User> UserAsync(IHost host, string key, Func<User> compute) =>
        await CacheOf(host).GetOrCreateAsync(key, _ => ValueTask.FromResult(compute()), Shared).AsTask().Soon();

    private static async Task<string> TextAsync(IHost host, string key) =>
        await CacheOf(host).GetOrCreateAsync(key, _ => ValueTask.FromResult("computed"), Shared, tags: ["all"]).AsTask().Soon();

    private static User NeverAsked() => throw new InvalidOperationException("It was to come from the shared cache.");

    private static Task StoredAsync(IHost host, string key)
    {
        TaskCompletionSource stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<RaveLevel>().Sublevel("cache").Sublevel("entries", Encodings.Bytes).Written += (_, write) =>
        {
            if (write.Changes.Any(change => change.Key == key))
            {
                stored.TrySetResult();
            }
        };
        return stored.Task;
    }

    private static async Task<IHost> StartAsync(string location)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRaveLevel(location).AddRaveLevelCache(options => options.Sublevel = "cache");
        builder.Services.AddHybridCache();
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static HybridCache CacheOf(IHost host) => host.Services.GetRequiredService<HybridCache>();

    private sealed record User(string Name, int[] Numbers);
}
