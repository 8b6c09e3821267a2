using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Rave.Client.Hosting;

// Registers one handle of a type and key: itself, what opens and closes it, and its options.
internal static class LevelRegistration
{
    internal static IServiceCollection AddLevel<TLevel>(
        this IServiceCollection services, object? serviceKey, Action<RaveOptions>? configure, Func<RaveOptions, Task<TLevel>> open)
        where TLevel : class, IAsyncDisposable
    {
        string name = serviceKey?.ToString() ?? Options.DefaultName;
        ThrowIfRegistered(services, typeof(TLevel), serviceKey);
        ThrowIfOptionsAreMixed(services, name, configure is not null);
        services.AddSingleton(new NamedOptions(name, configure is not null));
        services.TryAddTransient<IOptionsFactory<RaveOptions>, HostOptionsFactory>();
        OptionsBuilder<RaveOptions> options = services.AddOptions<RaveOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddKeyedSingleton(serviceKey, (provider, _) =>
        {
            // Not while it opens, on another thread: a service that depends on itself through the options would wait for itself there.
            RaveOptions asConfigured = provider.GetRequiredService<IOptionsMonitor<RaveOptions>>().Get(name);
            return new HostedLevel<TLevel>(() => open(asConfigured));
        });
        services.AddKeyedSingleton(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<HostedLevel<TLevel>>(key).Level);
        // Not by AddHostedService, which takes one service of a type only.
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<HostedLevel<TLevel>>(serviceKey));
        return services;
    }

    private static void ThrowIfRegistered(IServiceCollection services, Type level, object? serviceKey)
    {
        if (services.Any(service => service.ServiceType == level && Equals(service.ServiceKey, serviceKey)))
        {
            throw new InvalidOperationException(serviceKey is null
                ? "A RaveLevel of this type is registered already. Register another database with AddKeyedRaveLevel, or use a sublevel."
                : $"A RaveLevel of this type with the key '{serviceKey}' is registered already. Use another key, or a sublevel.");
        }
    }

    // Otherwise the configuration of one handle would silently apply to the other as well.
    private static void ThrowIfOptionsAreMixed(IServiceCollection services, string name, bool isConfigured)
    {
        if (services.Any(service => service is { IsKeyedService: false, ImplementationInstance: NamedOptions other }
            && other.Name == name && (isConfigured || other.IsConfigured)))
        {
            throw new InvalidOperationException(
                $"A RaveLevel of another type has the options named '{name}', which both would share. "
                + "Give one of them another key with AddKeyedRaveLevel, or configure both with services.Configure<RaveOptions>.");
        }
    }

    private sealed record NamedOptions(string Name, bool IsConfigured);
}
