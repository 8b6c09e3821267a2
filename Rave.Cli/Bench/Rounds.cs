using System.Diagnostics;

namespace Rave.Cli.Bench;

// Figures that are measured several times, in turn with each other, so that what else the machine does meets all of them.
internal sealed class Rounds(ProgressLine progress)
{
    private readonly OrderedDictionary<string, List<double>> _values = [];

    internal async Task RateAsync(string name, Func<Task<long>> work)
    {
        progress.Show(name);
        long start = Stopwatch.GetTimestamp();
        long done = await work().ConfigureAwait(false);
        Add(name, done / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    // One at a time, of each kind in turn, so that both meet what earlier workloads have left to do. For operations that take far longer
    // than reading the clock.
    internal async Task LatenciesAsync(int operations, params (string Name, Func<int, ValueTask> Operation)[] kinds)
    {
        progress.Show(string.Join(", ", kinds.Select(kind => kind.Name)));
        double[][] times = [.. kinds.Select(_ => new double[operations])];
        for (int i = 0; i < operations; i++)
        {
            for (int kind = 0; kind < kinds.Length; kind++)
            {
                long start = Stopwatch.GetTimestamp();
                await kinds[kind].Operation(i).ConfigureAwait(false);
                times[kind][i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }

        for (int kind = 0; kind < kinds.Length; kind++)
        {
            Array.Sort(times[kind]);
            Add(kinds[kind].Name, operations / times[kind].Sum() * 1e6);
            Add($"{kinds[kind].Name}.p50us", Meter.Percentile(times[kind], 0.5));
            Add($"{kinds[kind].Name}.p99us", Meter.Percentile(times[kind], 0.99));
        }
    }

    internal void Add(string name, double value)
    {
        if (!_values.TryGetValue(name, out List<double>? values))
        {
            _values[name] = values = [];
        }

        values.Add(value);
    }

    // The medians. The greatest of pauses, and without the first round, which compiles code.
    internal void Report(Figures figures)
    {
        foreach ((string name, List<double> values) in _values)
        {
            double[] sorted = [.. values.Skip(values.Count > 1 ? 1 : 0).Order()];
            figures[name] = Meter.Percentile(sorted, name.EndsWith(".maxms", StringComparison.Ordinal) ? 1 : 0.5);
        }
    }
}
