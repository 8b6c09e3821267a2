using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Rave.Client.Hosting;

namespace Rave.Client;

/// <summary>Health checks of the databases that <see cref="RaveServiceCollectionExtensions"/> registers.</summary>
public static class RaveHealthChecksBuilderExtensions
{
    /// <summary>Adds a check whether reads and writes of a <see cref="RaveLevel"/> reach the leader. It writes nothing.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">
    /// The name of the check. The default is <c>RaveLevel</c>, and <c>RaveLevel:</c> and the service key if there is one.
    /// </param>
    /// <param name="failureStatus">What to report if it fails. The default is <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">
    /// How long the check may take. The default is unlimited, so that the operation timeout of the handle ends it.
    /// </param>
    /// <param name="serviceKey">The service key of the database, or <see langword="null"/> for the one without a key.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddRaveLevel(
        this IHealthChecksBuilder builder,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null,
        object? serviceKey = null) =>
        Add<RaveLevel>(
            builder, name, failureStatus, tags, timeout, serviceKey, static level => new LevelHealthCheck<string, string>(level));

    /// <summary>
    /// Adds a check whether reads and writes of a <see cref="RaveLevel{TKey, TValue}"/> reach the leader. It writes nothing.
    /// </summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">
    /// The name of the check. The default is <c>RaveLevel</c>, and <c>RaveLevel:</c> and the service key if there is one.
    /// </param>
    /// <param name="failureStatus">What to report if it fails. The default is <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">
    /// How long the check may take. The default is unlimited, so that the operation timeout of the handle ends it.
    /// </param>
    /// <param name="serviceKey">The service key of the database, or <see langword="null"/> for the one without a key.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddRaveLevel<TKey, TValue>(
        this IHealthChecksBuilder builder,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null,
        object? serviceKey = null) =>
        Add<RaveLevel<TKey, TValue>>(
            builder, name, failureStatus, tags, timeout, serviceKey, static level => new LevelHealthCheck<TKey, TValue>(level));

    private static IHealthChecksBuilder Add<TLevel>(
        IHealthChecksBuilder builder,
        string? name,
        HealthStatus? failureStatus,
        IEnumerable<string>? tags,
        TimeSpan? timeout,
        object? serviceKey,
        Func<TLevel?, IHealthCheck> check)
        where TLevel : class, IAsyncDisposable
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= serviceKey is null ? "RaveLevel" : $"RaveLevel:{serviceKey}";
        return builder.Add(new(name, provider => check(HostedOf<TLevel>(provider, serviceKey).Opened), failureStatus, tags, timeout));
    }

    private static HostedLevel<TLevel> HostedOf<TLevel>(IServiceProvider provider, object? serviceKey)
        where TLevel : class, IAsyncDisposable =>
        provider.GetKeyedService<HostedLevel<TLevel>>(serviceKey)
        ?? throw new InvalidOperationException(
            "The database of this health check is not registered. Call services.AddRaveLevel or AddKeyedRaveLevel as well.");
}
