using System.Diagnostics;

namespace Rave.Cli.Bench;

// Runs work and records how fast it was.
internal sealed class Meter(Figures figures, ProgressLine progress)
{
    // Only the second pass counts: the first one compiles code and fills caches.
    private const int Passes = 2;

    internal async Task RateAsync(string name, Func<Task<long>> work)
    {
        for (int pass = 1; pass <= Passes; pass++)
        {
            progress.Show($"{name}, pass {pass} of {Passes}");
            long start = Stopwatch.GetTimestamp();
            long done = await work().ConfigureAwait(false);
            figures[name] = done / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    // Measures each operation alone, in a separate pass: for operations below a microsecond, reading the clock costs too much
    // to do it while rates are measured.
    internal async Task LatencyAsync(string name, int operations, Func<int, ValueTask> operation)
    {
        progress.Show($"{name}, latencies");
        double[] times = new double[operations];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < operations; i++)
        {
            await operation(i).ConfigureAwait(false);
            long end = Stopwatch.GetTimestamp();
            times[i] = Stopwatch.GetElapsedTime(start, end).TotalMicroseconds;
            start = end;
        }

        Array.Sort(times);
        figures[$"{name}.p50us"] = Percentile(times, 0.5);
        figures[$"{name}.p99us"] = Percentile(times, 0.99);
    }

    // Each caller has one operation in flight.
    internal static async Task<long> InFlightAsync(int operations, int callers, Func<int, ValueTask> operation)
    {
        int next = -1;
        async Task CallAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < operations; i = Interlocked.Increment(ref next))
            {
                await operation(i).ConfigureAwait(false);
            }
        }

        if (callers == 1)
        {
            await CallAsync().ConfigureAwait(false);
        }
        else
        {
            // On the thread pool: a leader's operations may complete synchronously, and the first caller would then do them all.
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync))).ConfigureAwait(false);
        }

        return operations;
    }

    internal static double Percentile(double[] sorted, double part) => sorted[(int)(part * (sorted.Length - 1))];
}
