using System.CommandLine;
using Rave.Client;
using Rave.Server.Cli;
using Rave.Server.Storage;

namespace Rave.Cli;

// rave: reads and writes a database from the command line.
internal static class Program
{
    // A gateway lets requests end, and a copy closes two databases: longer than the library's two seconds.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private static Task<int> Main(string[] arguments) => RaveCommand.ReportAsync(() => RunAsync(arguments));

    private static async Task<int> RunAsync(string[] arguments)
    {
        if (StrictArguments.FindError(arguments) is { } error)
        {
            return await RaveCommand.FailAsync(error, ExitCode.Usage).ConfigureAwait(false);
        }

        if (Array.Exists(arguments, static argument => StorageEngines.SchemeOf(argument[(argument.IndexOf('=') + 1)..]) is not null))
        {
            // Other runs do not load it.
            RaveEtcd.Register(EtcdEnvironment.Configure);
        }

        ParseResult command = RaveCommand.Create().Parse(arguments, StrictArguments.Parsing);
        InvocationConfiguration running = new() { EnableDefaultExceptionHandler = false };
        if (command.CommandResult.Command.Name is ServeCommand.Verb or CopyCommand.Verb)
        {
            running.ProcessTerminationTimeout = StopTimeout;
        }

        // Help and usage can fail too, and their failures are also reported in one sentence.
        int exit = await RaveCommand.ReportAsync(() => command.InvokeAsync(running)).ConfigureAwait(false);
        return command.Errors.Count > 0 ? ExitCode.Usage : exit;
    }
}
