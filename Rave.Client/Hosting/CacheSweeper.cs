using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Rave.Client.Hosting;

// Deletes expired entries while the program runs. Every process has a sweeper. The cache lets only one of them sweep at a time.
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
                // There is no leader now, or the disk fails. Expired entries are deleted next time, and are not returned until then.
                Log.SweepFailed(_logger, failure);
            }
        }
    }
}
