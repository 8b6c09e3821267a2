using Rave.Server.LevelDb;

namespace Rave.Cli.Bench;

// The upper limits of this machine: LevelDB called directly by one thread with the options of RaveLevel,
// and a bare socket.
internal static class LimitsBench
{
    private const int Walks = 5;

    internal static async Task RunAsync(
        BenchLoad load, Figures figures, Meter meter, ProgressLine progress, CancellationToken cancellationToken)
    {
        if (load.Prefix.Length == 0)
        {
            // It does not depend on values, so it is measured once.
            progress.Show("limits.pingpong");
            await PingPong.MeasureAsync(load.Keys, figures, cancellationToken).ConfigureAwait(false);
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
            return database.Get(load.Key(i)) is null ? throw new BenchException("An entry that was written is missing.") : default;
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

        return bytes > 0 ? entries : throw new BenchException("The database is empty after the writes.");
    }
}
