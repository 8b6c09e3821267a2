using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Rave.Client.Hosting;

// Sweeps a cache for as long as the program runs. Every process has one; the cache itself sees to it that one at a time sweeps.
internal sealed class CacheSweeper(LevelCache cache, TimeSpan interval, TimeProvider time, ILoggerFactory? logging) : BackgroundService
{
    private readonly ILogger _logger = logging?.CreateLogger("RaveLevel") ?? NullLogger.Instance;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await cache.SweepAsync(interval, stoppingToken).ConfigureAwait(false);
            }
            catch (RaveException failure)
            {
                // Nobody leads at present, or the disk fails: expired entries wait for the next time, and are not returned before either.
                Log.SweepFailed(_logger, failure);
            }
        }
    }
}
