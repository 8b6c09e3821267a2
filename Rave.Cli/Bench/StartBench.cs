using System.Diagnostics;

namespace Rave.Cli.Bench;

// The lifetime of a short process that follows, puts, gets and ends.
internal static class StartBench
{
    private const int FullRounds = 11;

    internal static async Task RunAsync(BenchLoad load, Figures figures, ProgressLine progress, CancellationToken cancellationToken)
    {
        using TempFolder folder = new();
        BenchProcess leader = await BenchProcess.StartLeaderAsync(folder.Path, cancellationToken).ConfigureAwait(false);
        await using (leader.ConfigureAwait(false))
        {
            double[] times = new double[load.Rounds(FullRounds)];
            for (int round = 0; round < times.Length; round++)
            {
                progress.Show($"start.follower, round {round + 1} of {times.Length}");
                long start = Stopwatch.GetTimestamp();
                BenchProcess once = BenchProcess.Start([BenchProcess.Verb, BenchProcess.Once, folder.Path]);
                await using (once.ConfigureAwait(false))
                {
                    await once.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
                    times[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                }
            }

            Array.Sort(times);
            figures["start.follower.p50ms"] = Meter.Percentile(times, 0.5);
        }
    }
}
