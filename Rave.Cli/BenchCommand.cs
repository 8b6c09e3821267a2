using System.CommandLine;
using Rave.Cli.Bench;
using Rave.Server.Storage;

namespace Rave.Cli;

// rave bench: measures how fast RaveLevel is on this machine.
internal static class BenchCommand
{
    private const double LargestScale = 100;

    internal static Command Create()
    {
        Argument<string> part = new("part")
        {
            Description = $"What to measure: {string.Join(", ", BenchRun.Parts)}, or {BenchRun.Everything} of these; "
                + $"or {BenchRun.Growth}, which takes minutes.",
            DefaultValueFactory = _ => BenchRun.Everything,
        };
        part.AcceptOnlyFromAmong([BenchRun.Everything, .. BenchRun.Parts, BenchRun.Growth]);
        Option<string> values = new("--values")
        {
            Description = "Values of 100 equal bytes, of random bytes (which LevelDB cannot compress), or one kind after the other.",
            DefaultValueFactory = _ => BenchRun.BothValues,
        };
        values.AcceptOnlyFromAmong(BenchLoad.Compressible, BenchLoad.Random, BenchRun.BothValues);
        Option<double> scale = new("--scale")
        {
            Description = "The size of the run: 1 is a full run, 0.1 a quick one.",
            DefaultValueFactory = _ => 1,
        };
        scale.Validators.Add(result =>
        {
            // The parser itself rejects text that is not a number.
            if (result.Tokens is [{ Value: var text }]
                && double.TryParse(text, out double number)
                && number is not (> 0 and <= LargestScale))
            {
                result.AddError($"--scale must be above 0 and at most {LargestScale}.");
            }
        });
        Option<string> engine = new("--engine")
        {
            HelpName = "location",
            Description = "Instead, measure a handle on a cluster beside the cluster itself. The database must be empty: "
                + "etcd://h1,h2,h3/bench",
        };
        engine.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var location }] && StorageEngines.SchemeOf(location) is null)
            {
                result.AddError("--engine must name a database on a cluster. Directories are measured in temporary folders, without it.");
            }
        });
        Option<bool> json = new("--json") { Description = "Print one JSON object instead of a table." };
        Command command = new(
            "bench",
            """
            Measure databases in temporary folders, which are deleted afterwards.
            A figure is in operations per second unless its name ends with us, ms or MB.
            Every workload runs twice, and only the second run counts.
            """)
        {
            part, values, scale, engine, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(engine) is { Implicit: false }
                && (result.GetResult(part) is { Implicit: false } || result.GetResult(values) is { Implicit: false }))
            {
                result.AddError("--engine has its own workloads and values.");
            }
        });
        command.SetAction((line, cancellationToken) => RaveCommand.ReportAsync(async () =>
        {
            BenchRun run = new(line.GetRequiredValue(part), line.GetRequiredValue(values), line.GetRequiredValue(scale))
            {
                Engine = line.GetValue(engine),
            };
            Figures figures = await run.RunAsync(cancellationToken).ConfigureAwait(false);
            string text = line.GetValue(json) ? figures.ToJson() : figures.ToTable();
            await RaveCommand.PrintAsync(text, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        }));
        return command;
    }
}
