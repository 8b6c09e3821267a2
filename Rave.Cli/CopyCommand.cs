using System.CommandLine;
using Rave.Cli.Copy;

namespace Rave.Cli;

// rave copy: all entries of a database into another one, of any kind.
internal static class CopyCommand
{
    internal const string Verb = "copy";

    internal static Command Create()
    {
        Argument<string> from = RaveCommand.Location("from", "The database to copy: a directory, or etcd://h1,h2,h3/app.");
        Argument<string> to = RaveCommand.Location("to", "The database to copy to. It is created if it does not exist.");
        Option<bool> resume = new("--resume")
        {
            Description = "Continue a copy that was interrupted: write only the entries that are missing.",
        };
        Option<bool> overwrite = new("--overwrite")
        {
            Description = "Make the target equal to the source. This replaces and deletes entries of the target.",
        };
        Command command = new(
            Verb,
            """
            Copy all entries of a database, as they are now, into an empty one.
            Entries that the target does not take are listed before anything is written.
            At the end, both are read and compared: exit code 4 if they differ.
            """)
        {
            from, to, resume, overwrite,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(resume) && result.GetValue(overwrite))
            {
                result.AddError("--resume and --overwrite exclude each other.");
            }
        });
        command.SetAction((line, cancellationToken) => RaveCommand.RunAsync(
            line.GetRequiredValue(from),
            create: false,
            async (source, token) =>
            {
                CopyMode mode = line.GetValue(overwrite) ? CopyMode.Overwrite
                    : line.GetValue(resume) ? CopyMode.Resume
                    : CopyMode.IntoEmpty;
                CopyTarget target = await CopyTarget.OpenAsync(line.GetRequiredValue(to), token).ConfigureAwait(false);
                await using (target.ConfigureAwait(false))
                {
                    return await RunAsync(new(source, target, mode), token).ConfigureAwait(false);
                }
            },
            cancellationToken));
        return command;
    }

    // Says what was done before the databases are closed, which may take a while.
    private static async Task<int> RunAsync(CopyRun copy, CancellationToken cancellationToken)
    {
        using (copy)
        {
            int exit = await RaveCommand.ReportAsync(() => copy.RunAsync(cancellationToken)).ConfigureAwait(false);
            return exit == ExitCode.Done ? exit : await RaveCommand.FailAsync(copy.Standing, exit).ConfigureAwait(false);
        }
    }
}
