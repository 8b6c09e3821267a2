using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rave.Client.Hosting;

// A cache without a database fails when the host starts, and says what to add; not at the first request that uses it.
internal sealed class CacheNeedsLevel : IHostedService
{
    public CacheNeedsLevel(IServiceProvider services)
    {
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(RaveLevel)) == false)
        {
            throw new InvalidOperationException("AddRaveLevelCache keeps its entries in a RaveLevel, and none was added: call services.AddRaveLevel(location) as well.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
