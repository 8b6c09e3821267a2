using System.Diagnostics;
using System.Globalization;

namespace Rave.Client.Bench;

// How cost grows with what is stored, with the size of values and with the number of followers. Every row has a leader of its own and random values.
internal sealed class GrowthBench(double scale, Figures figures, Meter meter, ProgressLine progress, CancellationToken cancellationToken)
{
    private const int FullOperations = 80_000;
    private const int Callers = 64;
    private const int Batch = 1000;
    private const long ValueBytesARow = 400_000_000;

    // Large values: so many at a time, that what is in flight stays far below what a leader holds.
    private const int ValueCallers = 4;

    private static readonly int[] KeyCounts = [20_000, 1_000_000, 10_000_000];
    private static readonly int[] ValueLengths = [100, 1_000, 100_000, 10_000_000];
    private static readonly int[] FollowerCounts = [1, 10, 50];

    private int Operations => Math.Max(100, (int)(FullOperations * scale));

    internal async Task RunAsync()
    {
        foreach (int keys in KeyCounts)
        {
            await RowAsync($"growth.keys.{keys}", followers: 1, (name, databases) => KeysAsync(name, databases[0], new(keys * scale))).ConfigureAwait(false);
        }

        foreach (int length in ValueLengths)
        {
            await RowAsync($"growth.value.{length}", followers: 1, (name, databases) => ValuesAsync(name, databases[0], length)).ConfigureAwait(false);
        }

        foreach (int followers in FollowerCounts)
        {
            await RowAsync($"growth.followers.{followers}", followers, (name, databases) => FollowersAsync(name, databases, new(FullOperations * scale))).ConfigureAwait(false);
        }
    }

    private async Task RowAsync(string name, int followers, Func<string, RaveLevel<byte[], byte[]>[], Task> measure)
    {
        using TempFolder folder = new();
        string location = Path.Combine(folder.Path, "db");
        BenchProcess leader = await BenchProcess.StartLeaderAsync(location, cancellationToken, folder.Path).ConfigureAwait(false);
        await using (leader.ConfigureAwait(false))
        {
            RaveLevel<byte[], byte[]>[] databases = await Task.WhenAll(
                Enumerable.Range(0, followers).Select(_ => RaveLevel.OpenAsync(location, Encodings.Bytes, Encodings.Bytes, cancellationToken: cancellationToken))).ConfigureAwait(false);
            try
            {
                await measure(name, databases).ConfigureAwait(false);
                figures[$"{name}.leader.ownMB"] = leader.OwnMemory() / (double)(1 << 20);
            }
            finally
            {
                await Task.WhenAll(databases.Select(database => database.CloseAsync())).ConfigureAwait(false);
            }
        }
    }

    private async Task KeysAsync(string name, RaveLevel<byte[], byte[]> database, BenchLoad load)
    {
        // Once: what is filled is not filled a second time.
        progress.Show($"{name}.fill");
        long start = Stopwatch.GetTimestamp();
        await FillAsync(database, load).ConfigureAwait(false);
        figures[$"{name}.fill"] = load.Keys / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await GetAndPutAsync(name, [database], load).ConfigureAwait(false);
        await meter.RateAsync($"{name}.iterate", () => WalkAsync(database)).ConfigureAwait(false);
    }

    // Entries a second: times the length, the bytes that cross the socket.
    private async Task ValuesAsync(string name, RaveLevel<byte[], byte[]> database, int length)
    {
        int operations = (int)Math.Clamp((long)(ValueBytesARow * scale) / length, 4, Operations);
        BenchLoad load = new(operations, length);
        await meter.RateAsync($"{name}.put.{ValueCallers}", () => Meter.InFlightAsync(operations, ValueCallers, i => PutAsync(database, load, i))).ConfigureAwait(false);
        await meter.RateAsync($"{name}.get.{ValueCallers}", () => Meter.InFlightAsync(operations, ValueCallers, i => GetAsync(database, load, i))).ConfigureAwait(false);
    }

    private async Task FollowersAsync(string name, RaveLevel<byte[], byte[]>[] databases, BenchLoad load)
    {
        await FillAsync(databases[0], load).ConfigureAwait(false);
        await GetAndPutAsync(name, databases, load).ConfigureAwait(false);
    }

    // All over the keys, by callers that share the followers.
    private async Task GetAndPutAsync(string name, RaveLevel<byte[], byte[]>[] databases, BenchLoad load)
    {
        await meter.RateAsync($"{name}.get.{Callers}", () => Meter.InFlightAsync(Operations, Callers, i => GetAsync(databases[i % databases.Length], load, Scattered(i, load)))).ConfigureAwait(false);
        await meter.RateAsync($"{name}.put.{Callers}", () => Meter.InFlightAsync(Operations, Callers, i => PutAsync(databases[i % databases.Length], load, Scattered(i, load)))).ConfigureAwait(false);
    }

    private async Task FillAsync(RaveLevel<byte[], byte[]> database, BenchLoad load)
    {
        for (int i = 0; i < load.Keys; i += Batch)
        {
            await database.BatchAsync(
                Enumerable.Range(i, Math.Min(Batch, load.Keys - i)).Select(n => BatchOperation<byte[], byte[]>.Put(load.Key(n), load.Value(n))),
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<long> WalkAsync(RaveLevel<byte[], byte[]> database)
    {
        long entries = 0;
        RangeIterator<byte[], byte[]> iterator = database.Iterator();
        await using (iterator.ConfigureAwait(false))
        {
            while (await iterator.NextManyAsync(Batch, cancellationToken).ConfigureAwait(false) is { Count: > 0 and var count })
            {
                entries += count;
            }
        }

        return entries;
    }

    private ValueTask PutAsync(RaveLevel<byte[], byte[]> database, BenchLoad load, int i) => database.PutAsync(load.Key(i), load.Value(i), cancellationToken: cancellationToken);

    private async ValueTask GetAsync(RaveLevel<byte[], byte[]> database, BenchLoad load, int i)
    {
        if (await database.GetAsync(load.Key(i), cancellationToken: cancellationToken).ConfigureAwait(false) is null)
        {
            throw new BenchException(string.Create(CultureInfo.InvariantCulture, $"Entry {i} is missing that was written."));
        }
    }

    // A step that shares no factor with their number would meet every key once; an odd one far from it is near enough.
    private static int Scattered(int i, BenchLoad load) => (int)(i * 2_654_435_761L % load.Keys);
}
