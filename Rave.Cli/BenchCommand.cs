using System.CommandLine;
using Rave.Cli.Bench;

namespace Rave.Cli;

// rave bench: how fast this machine is with it.
internal static class BenchCommand
{
    private const double LargestScale = 100;

    internal static Command Create()
    {
        Argument<string> part = new("part") { Description = $"What to measure: {string.Join(", ", BenchRun.Parts)}, or all of it; or {BenchRun.Growth}, which takes minutes.", DefaultValueFactory = _ => BenchRun.Everything };
        part.AcceptOnlyFromAmong([BenchRun.Everything, .. BenchRun.Parts, BenchRun.Growth]);
        Option<string> values = new("--values") { Description = "Values of 100 equal bytes, random ones (LevelDB cannot compress them), or one after the other.", DefaultValueFactory = _ => BenchRun.BothValues };
        values.AcceptOnlyFromAmong(BenchLoad.Compressible, BenchLoad.Random, BenchRun.BothValues);
        Option<double> scale = new("--scale") { Description = "How much of the full run, such as 0.1 for a quick look.", DefaultValueFactory = _ => 1 };
        scale.Validators.Add(result =>
        {
            // What is no number is refused by the parser itself.
            if (result.Tokens is [{ Value: var text }] && double.TryParse(text, out double number) && number is not (> 0 and <= LargestScale))
            {
                result.AddError($"--scale is above 0 and at most {LargestScale}.");
            }
        });
        Option<bool> json = new("--json") { Description = "Print one JSON object instead of a table." };
        Command command = new(
            "bench",
            """
            Measure databases in temporary folders, which are deleted afterwards.
            Figures are operations a second where their name says nothing else. Every workload runs twice and the second time counts.
            """)
        {
            part, values, scale, json,
        };
        command.SetAction((line, cancellationToken) => RaveCommand.ReportAsync(async () =>
        {
            BenchRun run = new(line.GetRequiredValue(part), line.GetRequiredValue(values), line.GetRequiredValue(scale));
            Figures figures = await run.RunAsync(cancellationToken).ConfigureAwait(false);
            await RaveCommand.PrintAsync(line.GetValue(json) ? figures.ToJson() : figures.ToTable(), cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        }));
        return command;
    }
}
