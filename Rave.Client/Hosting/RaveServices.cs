using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rave.Client.Hosting;

namespace Rave.Client;

/// <summary>Databases and caches for the generic host and ASP.NET Core.</summary>
public static class RaveServices
{
    /// <summary>
    /// Gives the program one handle, injected as <see cref="RaveLevel"/>: opened before other services start (or on its first injection, which then waits for it),
    /// and closed once all of them have stopped. A health check called <c>RaveLevel</c> tells whether reads and writes get through. The host's logger factory
    /// and <see cref="TimeProvider"/>, if it has them, are the handle's. Dispose a bare provider with <c>DisposeAsync</c>, as the host does.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="location">The database's directory; created if there is none, unless the options say otherwise.</param>
    /// <param name="configure">Changes the options: <c>options => options with { CanLead = false }</c>.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">A database was added already.</exception>
    public static IServiceCollection AddRaveLevel(this IServiceCollection services, string location, Func<RaveOptions, RaveOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(location);
        if (services.Any(service => service.ServiceType == typeof(RaveLevel)))
        {
            throw new InvalidOperationException("A RaveLevel was added already, and a program has one; its sublevels keep things apart.");
        }

        services.AddSingleton(provider =>
        {
            RaveOptions options = new() { LoggerFactory = provider.GetService<ILoggerFactory>(), TimeProvider = TimeOf(provider) };
            return new HostedLevel(location, configure?.Invoke(options) ?? options);
        });
        services.AddSingleton(provider => provider.GetRequiredService<HostedLevel>().Level);
        services.AddHostedService(provider => provider.GetRequiredService<HostedLevel>());
        services.AddHealthChecks().AddCheck<LevelHealthCheck>("RaveLevel");
        return services;
    }

    /// <summary>
    /// Gives the program an <see cref="IDistributedCache"/> in a sublevel of its <see cref="RaveLevel"/>, shared by all processes that use the database.
    /// Absolute expiry is exact; an entry with a sliding one lives for as long as it says after its last use, and up to a tenth longer. Expired
    /// entries are swept by one process at a time. Entries without an expiry stay.
    /// </summary>
    /// <param name="services">The host's services, to which <see cref="AddRaveLevel"/> adds the database.</param>
    /// <param name="configure">Changes the options: <c>options => options with { Sublevel = "sessions" }</c>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddRaveLevelCache(this IServiceCollection services, Func<RaveCacheOptions, RaveCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        RaveCacheOptions options = configure?.Invoke(new()) ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.SweepInterval, TimeSpan.Zero);
        // First of all hosted services that need it: a host that lacks it does not start.
        services.AddHostedService<CacheNeedsLevel>();
        services.AddSingleton(provider => new LevelCache(provider.GetRequiredService<RaveLevel>(), options.Sublevel, TimeOf(provider)));
        services.AddSingleton<IDistributedCache>(provider => provider.GetRequiredService<LevelCache>());
        services.AddHostedService(provider => new CacheSweeper(
            provider.GetRequiredService<LevelCache>(), options.SweepInterval, TimeOf(provider), provider.GetService<ILoggerFactory>()));
        return services;
    }

    private static TimeProvider TimeOf(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}
