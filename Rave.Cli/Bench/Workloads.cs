namespace Rave.Cli.Bench;

// The same workloads for a leader and for a follower.
internal sealed class Workloads(LoadedHandle handle, string role, BenchLoad load, Meter meter)
{
    private const int Batch = 100;
    private const int Page = 1000;
    private const int Walks = 5;

    private static readonly int[] Widths = [16, 64, 256];

    private readonly string _name = load.Prefix + role;
    private readonly int _many = 4 * load.Keys;

    internal async Task RunAsync()
    {
        (string Name, Func<int, ValueTask> Operation)[] kinds = [("put", handle.PutAsync), ("get", handle.GetAsync)];
        foreach ((string kind, Func<int, ValueTask> operation) in kinds)
        {
            await meter.RateAsync($"{_name}.{kind}.1", () => Meter.InFlightAsync(load.Keys, 1, operation)).ConfigureAwait(false);
            await meter.LatencyAsync($"{_name}.{kind}.1", load.Keys, operation).ConfigureAwait(false);
        }

        foreach (int width in Widths)
        {
            foreach ((string kind, Func<int, ValueTask> operation) in kinds)
            {
                await meter.RateAsync($"{_name}.{kind}.{width}", () => Meter.InFlightAsync(_many, width, operation)).ConfigureAwait(false);
            }
        }

        await meter.RateAsync($"{_name}.batch{Batch}", () => handle.PutBatchesAsync(_many, Batch)).ConfigureAwait(false);
        await meter.RateAsync($"{_name}.getMany{Batch}", () => handle.GetManyAsync(_many, Batch)).ConfigureAwait(false);
        await meter.RateAsync($"{_name}.iterate", IterateAsync).ConfigureAwait(false);
    }

    private async Task<long> IterateAsync()
    {
        long entries = 0;
        for (int walk = 0; walk < Walks; walk++)
        {
            entries += await handle.WalkAsync(Page).ConfigureAwait(false);
        }

        return entries;
    }
}
