using System.CommandLine;
using Rave.Server.Cli;

namespace Rave.Cli;

// rave: a database from the command line.
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (TypedWords.Refuse(arguments) is { } refusal)
        {
            return await RaveCommand.FailAsync(refusal, ExitCode.Usage).ConfigureAwait(false);
        }

        ParseResult command = RaveCommand.Create().Parse(arguments, TypedWords.Parsing);
        // Help and usage too: whatever fails is told in a sentence.
        int exit = await RaveCommand.ReportAsync(() => command.InvokeAsync(new() { EnableDefaultExceptionHandler = false })).ConfigureAwait(false);
        return command.Errors.Count > 0 ? ExitCode.Usage : exit;
    }
}
