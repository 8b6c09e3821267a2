using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rave.Client.Hosting;

namespace Rave.Client;

/// <summary>Registers databases and a cache with the generic host and ASP.NET Core.</summary>
/// <remarks>
/// A handle is opened before other services start, or when it is first injected, which then waits for it. It is closed after all services
/// have stopped. Its <see cref="RaveOptions"/> have the text of its service key as their name, or no name without a key, and can be
/// configured and bound as usual. Two handles with the same name share their options. The logger factory and the <see cref="TimeProvider"/>
/// of the host are the defaults. A service provider without a host must be disposed with <c>DisposeAsync</c>.
/// </remarks>
public static class RaveServiceCollectionExtensions
{
    /// <summary>Registers a database whose keys and values are text. It is injected as <see cref="RaveLevel"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="location">The directory of the database. It is created if it does not exist, unless the options forbid it.</param>
    /// <param name="configure">Sets options, or <see langword="null"/>.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">
    /// A <see cref="RaveLevel"/> without a key is registered already, or a handle of another type that would share its options with this
    /// one.
    /// </exception>
    public static IServiceCollection AddRaveLevel(
        this IServiceCollection services, string location, Action<RaveOptions>? configure = null) =>
        services.AddKeyedRaveLevel(serviceKey: null, location, configure);

    /// <summary>
    /// Registers a database with a key, for programs that use several. It is injected as <see cref="RaveLevel"/> with this key.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key, as in <see cref="FromKeyedServicesAttribute"/>. Its text is the name of the options.</param>
    /// <param name="location">The directory of the database. It is created if it does not exist, unless the options forbid it.</param>
    /// <param name="configure">Sets options, or <see langword="null"/>.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">
    /// A <see cref="RaveLevel"/> with this key is registered already, or a handle of another type that would share its options with this
    /// one.
    /// </exception>
    public static IServiceCollection AddKeyedRaveLevel(
        this IServiceCollection services, object? serviceKey, string location, Action<RaveOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(location);
        return services.AddLevel(serviceKey, configure, options => RaveLevel.OpenAsync(location, options));
    }

    /// <summary>Registers a database with other keys and values. It is injected as <see cref="RaveLevel{TKey, TValue}"/>.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="location">The directory of the database. It is created if it does not exist, unless the options forbid it.</param>
    /// <param name="keyEncoding">The encoding of keys.</param>
    /// <param name="valueEncoding">The encoding of values.</param>
    /// <param name="configure">Sets options, or <see langword="null"/>.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">
    /// A handle of this type without a key is registered already, or one of another type that would share its options with this one.
    /// </exception>
    public static IServiceCollection AddRaveLevel<TKey, TValue>(
        this IServiceCollection services,
        string location,
        IEncoding<TKey> keyEncoding,
        IEncoding<TValue> valueEncoding,
        Action<RaveOptions>? configure = null) =>
        services.AddKeyedRaveLevel(serviceKey: null, location, keyEncoding, valueEncoding, configure);

    /// <summary>
    /// Registers a database with other keys and values, and a service key. It is injected as <see cref="RaveLevel{TKey, TValue}"/>.
    /// </summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key, as in <see cref="FromKeyedServicesAttribute"/>. Its text is the name of the options.</param>
    /// <param name="location">The directory of the database. It is created if it does not exist, unless the options forbid it.</param>
    /// <param name="keyEncoding">The encoding of keys.</param>
    /// <param name="valueEncoding">The encoding of values.</param>
    /// <param name="configure">Sets options, or <see langword="null"/>.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">
    /// A handle of this type with this key is registered already, or one of another type that would share its options with this one.
    /// </exception>
    public static IServiceCollection AddKeyedRaveLevel<TKey, TValue>(
        this IServiceCollection services,
        object? serviceKey,
        string location,
        IEncoding<TKey> keyEncoding,
        IEncoding<TValue> valueEncoding,
        Action<RaveOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(location);
        ArgumentNullException.ThrowIfNull(keyEncoding);
        ArgumentNullException.ThrowIfNull(valueEncoding);
        return services.AddLevel(serviceKey, configure, options => RaveLevel.OpenAsync(location, keyEncoding, valueEncoding, options));
    }

    /// <summary>
    /// Registers an <see cref="IDistributedCache"/> in a sublevel of the <see cref="RaveLevel"/> without a key. All processes that use the
    /// database share it.
    /// </summary>
    /// <remarks>
    /// Absolute expirations are exact. An entry with a sliding expiration expires up to a tenth later than asked. Entries without an
    /// expiration stay. One process at a time deletes expired entries.
    /// </remarks>
    /// <param name="services">
    /// The services. <see cref="AddRaveLevel(IServiceCollection, string, Action{RaveOptions})"/> registers the database.
    /// </param>
    /// <param name="configure">Sets options, or <see langword="null"/>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddRaveLevelCache(this IServiceCollection services, Action<RaveCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<RaveCacheOptions> options = services.AddOptions<RaveCacheOptions>()
            .Validate(static cache => !string.IsNullOrEmpty(cache.Sublevel), "RaveCacheOptions.Sublevel must not be empty.")
            .Validate(static cache => cache.SweepInterval > TimeSpan.Zero, "RaveCacheOptions.SweepInterval must be more than zero.")
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        // Before the services that need the database, so that its error is the one that is reported.
        services.AddHostedService<CacheNeedsLevel>();
        services.AddSingleton(static provider =>
            new LevelCache(provider.GetRequiredService<RaveLevel>(), OptionsOf(provider).Sublevel, TimeOf(provider)));
        services.AddSingleton<IDistributedCache>(static provider => provider.GetRequiredService<LevelCache>());
        services.AddHostedService(static provider => new CacheSweeper(
            provider.GetRequiredService<LevelCache>(),
            OptionsOf(provider).SweepInterval,
            TimeOf(provider),
            provider.GetService<ILoggerFactory>()));
        return services;
    }

    private static RaveCacheOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<RaveCacheOptions>>().Value;

    private static TimeProvider TimeOf(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}
