namespace Rave.Client.Bench;

// What a handle is asked to do, whether it leads or follows.
internal sealed class Workloads(RaveLevel<byte[], byte[]> database, string role, BenchLoad load, Meter meter, CancellationToken cancellationToken)
{
    private const int Batch = 100;
    private const int Page = 1000;
    private const int Walks = 5;

    private static readonly int[] Widths = [16, 64, 256];

    private readonly string _name = load.Prefix + role;
    private readonly int _many = 4 * load.Keys;

    internal async Task RunAsync()
    {
        (string Name, Func<int, ValueTask> Operation)[] kinds = [("put", PutAsync), ("get", GetAsync)];
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

        await meter.RateAsync($"{_name}.batch{Batch}", BatchesAsync).ConfigureAwait(false);
        await meter.RateAsync($"{_name}.getMany{Batch}", GetManyAsync).ConfigureAwait(false);
        await meter.RateAsync($"{_name}.iterate", IterateAsync).ConfigureAwait(false);
    }

    private ValueTask PutAsync(int i) => database.PutAsync(load.Key(i), load.Value(i), cancellationToken: cancellationToken);

    private async ValueTask GetAsync(int i)
    {
        if (await database.GetAsync(load.Key(i), cancellationToken: cancellationToken).ConfigureAwait(false) is null)
        {
            throw Missing();
        }
    }

    private async Task<long> BatchesAsync()
    {
        for (int i = 0; i < _many; i += Batch)
        {
            await database.BatchAsync(
                Enumerable.Range(i, Batch).Select(n => BatchOperation<byte[], byte[]>.Put(load.Key(n), load.Value(n))),
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return _many;
    }

    private async Task<long> GetManyAsync()
    {
        for (int i = 0; i < _many; i += Batch)
        {
            byte[]?[] values = await database.GetManyAsync(Enumerable.Range(i, Batch).Select(load.Key), cancellationToken: cancellationToken).ConfigureAwait(false);
            if (values.Contains(null))
            {
                throw Missing();
            }
        }

        return _many;
    }

    private async Task<long> IterateAsync()
    {
        long entries = 0;
        for (int walk = 0; walk < Walks; walk++)
        {
            RangeIterator<byte[], byte[]> iterator = database.Iterator();
            await using (iterator.ConfigureAwait(false))
            {
                while (await iterator.NextManyAsync(Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 and var count })
                {
                    entries += count;
                }
            }
        }

        return entries == (long)Walks * load.Keys ? entries : throw Missing();
    }

    private static BenchException Missing() => new("Entries are missing that were written.");
}
