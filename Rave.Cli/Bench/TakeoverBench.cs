using System.Diagnostics;
using Rave.Client;

namespace Rave.Cli.Bench;

// How long puts of followers take when their leader is killed: the takeover and the puts themselves.
internal static class TakeoverBench
{
    private const int FullRounds = 15;
    private const int PutsBefore = 200;

    private static readonly int[] FollowerCounts = [1, 10];

    internal static async Task RunAsync(BenchLoad load, Figures figures, ProgressLine progress, CancellationToken cancellationToken)
    {
        foreach (int followers in FollowerCounts)
        {
            double[] times = new double[load.Rounds(FullRounds)];
            for (int round = 0; round < times.Length; round++)
            {
                progress.Show($"failover.{followers}, round {round + 1} of {times.Length}");
                times[round] = await RoundAsync(load, followers, cancellationToken).ConfigureAwait(false);
            }

            Array.Sort(times);
            figures[$"failover.{followers}.p50ms"] = Meter.Percentile(times, 0.5);
            figures[$"failover.{followers}.maxms"] = times[^1];
        }
    }

    // The time of one round in milliseconds.
    private static async Task<double> RoundAsync(BenchLoad load, int followers, CancellationToken cancellationToken)
    {
        using TempFolder folder = new();
        BenchProcess leader = await BenchProcess.StartLeaderAsync(folder.Path, cancellationToken).ConfigureAwait(false);
        await using (leader.ConfigureAwait(false))
        {
            RaveLevel<byte[], byte[]>[] databases =
                await LoadedHandle.OpenAsync(folder.Path, followers, cancellationToken).ConfigureAwait(false);
            try
            {
                for (int i = 0; i < PutsBefore; i++)
                {
                    await databases[i % followers]
                        .PutAsync(load.Key(i), load.Value(i), cancellationToken: cancellationToken).ConfigureAwait(false);
                }

                leader.Kill();
                long start = Stopwatch.GetTimestamp();
                await Task.WhenAll(databases.Select((database, i) =>
                    database.PutAsync(load.Key(i), load.Value(i), cancellationToken: cancellationToken).AsTask())).ConfigureAwait(false);
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            finally
            {
                await Task.WhenAll(databases.Select(database => database.CloseAsync())).ConfigureAwait(false);
            }
        }
    }
}
