using System.Diagnostics;
using Rave.Client;

namespace Rave.Cli.Bench;

// How cost grows with the number of entries, the size of values and the number of followers.
// Every row starts a new leader and uses random values.
internal sealed class GrowthBench(double scale, Figures figures, Meter meter, ProgressLine progress, CancellationToken cancellationToken)
{
    private const int FullOperations = 80_000;
    private const int Callers = 64;
    private const int Batch = 1000;
    private const long ValueBytesPerRow = 400_000_000;

    // Few callers, because values are large: requests in flight stay far below the memory limit of a leader.
    private const int ValueCallers = 4;

    private static readonly int[] KeyCounts = [20_000, 1_000_000, 10_000_000];
    private static readonly int[] ValueLengths = [100, 1_000, 100_000, 10_000_000];
    private static readonly int[] FollowerCounts = [1, 10, 50];

    private int Operations => Math.Max(100, (int)(FullOperations * scale));

    internal async Task RunAsync()
    {
        foreach (int keys in KeyCounts)
        {
            await RowAsync($"growth.keys.{keys}", followers: 1, (name, databases) =>
                KeysAsync(name, databases[0], new(keys * scale))).ConfigureAwait(false);
        }

        foreach (int length in ValueLengths)
        {
            await RowAsync($"growth.value.{length}", followers: 1, (name, databases) =>
                ValuesAsync(name, databases[0], length)).ConfigureAwait(false);
        }

        foreach (int followers in FollowerCounts)
        {
            await RowAsync($"growth.followers.{followers}", followers, (name, databases) =>
                FollowersAsync(name, databases, new(FullOperations * scale))).ConfigureAwait(false);
        }
    }

    private async Task RowAsync(string name, int followers, Func<string, RaveLevel<byte[], byte[]>[], Task> measure)
    {
        using TempFolder folder = new();
        string location = Path.Combine(folder.Path, "db");
        BenchProcess leader = await BenchProcess.StartLeaderAsync(location, cancellationToken, folder.Path).ConfigureAwait(false);
        await using (leader.ConfigureAwait(false))
        {
            RaveLevel<byte[], byte[]>[] databases =
                await LoadedHandle.OpenAsync(location, followers, cancellationToken).ConfigureAwait(false);
            try
            {
                await measure(name, databases).ConfigureAwait(false);
                figures[$"{name}.leader.ownMB"] = leader.PrivateMemory() / (double)(1 << 20);
            }
            finally
            {
                await Task.WhenAll(databases.Select(database => database.CloseAsync())).ConfigureAwait(false);
            }
        }
    }

    private async Task KeysAsync(string name, RaveLevel<byte[], byte[]> database, BenchLoad load)
    {
        // Filling runs only once: a second pass would overwrite entries, which is different work.
        progress.Show($"{name}.fill");
        long start = Stopwatch.GetTimestamp();
        LoadedHandle handle = new(database, load, cancellationToken);
        await handle.PutBatchesAsync(load.Keys, Batch).ConfigureAwait(false);
        figures[$"{name}.fill"] = load.Keys / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await GetAndPutAsync(name, [handle], load).ConfigureAwait(false);
        await meter.RateAsync($"{name}.iterate", () => handle.WalkAsync(Batch)).ConfigureAwait(false);
    }

    // Entries per second. Multiplied by the length, this is the bytes per second over the socket.
    private async Task ValuesAsync(string name, RaveLevel<byte[], byte[]> database, int length)
    {
        int operations = (int)Math.Clamp((long)(ValueBytesPerRow * scale) / length, 4, Operations);
        LoadedHandle handle = new(database, new(operations, length), cancellationToken);
        await meter.RateAsync($"{name}.put.{ValueCallers}", () =>
            Meter.InFlightAsync(operations, ValueCallers, handle.PutAsync)).ConfigureAwait(false);
        await meter.RateAsync($"{name}.get.{ValueCallers}", () =>
            Meter.InFlightAsync(operations, ValueCallers, handle.GetAsync)).ConfigureAwait(false);
    }

    private async Task FollowersAsync(string name, RaveLevel<byte[], byte[]>[] databases, BenchLoad load)
    {
        LoadedHandle[] handles = [.. databases.Select(database => new LoadedHandle(database, load, cancellationToken))];
        await handles[0].PutBatchesAsync(load.Keys, Batch).ConfigureAwait(false);
        await GetAndPutAsync(name, handles, load).ConfigureAwait(false);
    }

    // Random access to all keys. The callers share the followers.
    private async Task GetAndPutAsync(string name, LoadedHandle[] handles, BenchLoad load)
    {
        await meter.RateAsync($"{name}.get.{Callers}", () => Meter.InFlightAsync(
            Operations, Callers, i => handles[i % handles.Length].GetAsync(ScatteredIndex(i, load)))).ConfigureAwait(false);
        await meter.RateAsync($"{name}.put.{Callers}", () => Meter.InFlightAsync(
            Operations, Callers, i => handles[i % handles.Length].PutAsync(ScatteredIndex(i, load)))).ConfigureAwait(false);
    }

    // A step without a common factor with the number of keys would visit every key once. A large odd step is close enough.
    private static int ScatteredIndex(int i, BenchLoad load) => (int)(i * 2_654_435_761L % load.Keys);
}
