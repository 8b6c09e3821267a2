using System.Globalization;

namespace Rave.Cli.Bench;

// The parts to run. One part with one kind of values runs in this process. Several run one after the other, each in a separate
// process, so that no part is made faster or slower by an earlier one.
internal sealed record BenchRun(string Part, string Values, double Scale)
{
    internal const string Everything = "all";
    internal const string BothValues = "both";

    // Takes minutes, so it is not among the parts of a full run.
    internal const string Growth = "growth";

    // The location of a database on a cluster, which takes the place of all parts.
    internal string? Engine { get; init; }

    internal static readonly string[] Parts = ["limits", "leader", "follower", "start", "failover"];

    internal async Task<Figures> RunAsync(CancellationToken cancellationToken)
    {
        Figures figures = new();
        if (Engine is not null)
        {
            using ProgressLine progress = new();
            await ClusterBench.RunAsync(Engine, new(Scale, BenchLoad.Compressible), figures, progress, cancellationToken)
                .ConfigureAwait(false);
            return figures;
        }

        BenchRun[] runs = [.. Split()];
        if (runs is [var only])
        {
            await only.MeasureAsync(figures, cancellationToken).ConfigureAwait(false);
            return figures;
        }

        using TempFolder folder = new();
        foreach ((int index, BenchRun run) in runs.Index())
        {
            if (ProgressLine.IsShown)
            {
                string title = $"{index + 1} of {runs.Length}: {run.Part}, {run.Values} values";
                await Console.Error.WriteLineAsync(title).ConfigureAwait(false);
            }

            BenchProcess process = BenchProcess.Start(
                ["bench", run.Part, "--values", run.Values, "--scale", run.Scale.ToString(CultureInfo.InvariantCulture), "--json"],
                folder.Path);
            await using (process.ConfigureAwait(false))
            {
                figures.AddJson(await process.ReadToEndAsync(cancellationToken).ConfigureAwait(false));
            }
        }

        return figures;
    }

    private IEnumerable<BenchRun> Split()
    {
        foreach (string part in Part == Everything ? Parts : [Part])
        {
            // Starts and takeovers write very little, so the kind of values does not matter. Growth uses its own values.
            string[] kinds = part is "start" or "failover" or Growth ? [BenchLoad.Compressible]
                : Values == BothValues ? [BenchLoad.Compressible, BenchLoad.Random]
                : [Values];
            foreach (string values in kinds)
            {
                yield return new(part, values, Scale);
            }
        }
    }

    private async Task MeasureAsync(Figures figures, CancellationToken cancellationToken)
    {
        BenchLoad load = new(Scale, Values);
        using ProgressLine progress = new();
        Meter meter = new(figures, progress);
        Task measured = Part switch
        {
            "limits" => LimitsBench.RunAsync(load, figures, meter, progress, cancellationToken),
            "leader" => RoleBench.LeadAsync(load, figures, meter, cancellationToken),
            "follower" => RoleBench.FollowAsync(load, figures, meter, cancellationToken),
            "start" => StartBench.RunAsync(load, figures, progress, cancellationToken),
            Growth => new GrowthBench(Scale, figures, meter, progress, cancellationToken).RunAsync(),
            _ => TakeoverBench.RunAsync(load, figures, progress, cancellationToken),
        };
        await measured.ConfigureAwait(false);
    }
}
