using System.CommandLine;

namespace Rave.Client.Cli;

// rave: a database from the command line.
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        ParseResult command = RaveCommand.Create().Parse(arguments);
        int exit = await command.InvokeAsync().ConfigureAwait(false);
        return command.Errors.Count > 0 ? ExitCode.Usage : exit;
    }
}
