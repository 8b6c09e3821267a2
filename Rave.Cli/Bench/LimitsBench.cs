using Rave.Server.LevelDb;

namespace Rave.Cli.Bench;

// What no design can beat on this machine: LevelDB called by one thread, with the options of the product, and a socket with nothing on it.
internal static class LimitsBench
{
    private const int Walks = 5;

    internal static async Task RunAsync(BenchLoad load, Figures figures, Meter meter, ProgressLine progress, CancellationToken cancellationToken)
    {
        if (load.Prefix.Length == 0)
        {
            // Values have no part in it.
            progress.Show("limits.pingpong");
            figures["limits.pingpong.p50us"] = PingPong.Measure(load.Keys, cancellationToken);
        }

        string name = $"{load.Prefix}limits.leveldb";
        using TempFolder folder = new();
        using LevelDatabase database = LevelDatabase.Open(folder.Path, new(), create: true);
        await meter.RateAsync($"{name}.put", () => Meter.InFlightAsync(load.Keys, 1, Put)).ConfigureAwait(false);
        await meter.RateAsync($"{name}.get", () => Meter.InFlightAsync(load.Keys, 1, Get)).ConfigureAwait(false);
        await meter.RateAsync($"{name}.iterate", () => Task.FromResult(Iterate(database, cancellationToken))).ConfigureAwait(false);

        ValueTask Put(int i)
        {
            cancellationToken.ThrowIfCancellationRequested();
            database.Put(load.Key(i), load.Value(i), sync: false);
            return default;
        }

        ValueTask Get(int i)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return database.Get(load.Key(i)) is null ? throw new BenchException("An entry is missing that was written.") : default;
        }
    }

    private static long Iterate(LevelDatabase database, CancellationToken cancellationToken)
    {
        long entries = 0;
        long bytes = 0;
        for (int walk = 0; walk < Walks; walk++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using LevelIterator iterator = database.CreateIterator();
            for (iterator.SeekToFirst(); iterator.Valid; iterator.Next())
            {
                entries++;
                bytes += iterator.Key.Length + iterator.Value.Length;
            }

            iterator.ThrowIfFailed();
        }

        return bytes > 0 ? entries : throw new BenchException("Nothing was read.");
    }
}
