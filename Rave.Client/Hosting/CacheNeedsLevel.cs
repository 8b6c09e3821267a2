using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rave.Client.Hosting;

// Without a database, the host does not start, and the error says what to add. Otherwise the first request that uses the cache would fail.
internal sealed class CacheNeedsLevel : IHostedService
{
    public CacheNeedsLevel(IServiceProvider services)
    {
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(RaveLevel)) == false)
        {
            throw new InvalidOperationException(
                "AddRaveLevelCache needs a RaveLevel without a service key. Call services.AddRaveLevel(location) as well.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
