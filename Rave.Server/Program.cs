using System.CommandLine;
using Rave.Server.Cli;
using Rave.Server.Platform;

namespace Rave.Server;

// rave-server: leads a location, or follows until it can lead.
internal static class Program
{
    private const int WrongUsage = 2;

    // A leader that ends lets its requests end, closes LevelDB and releases the lock. That takes longer than the library's two seconds.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private static async Task<int> Main(string[] arguments)
    {
        // Before the restart below, which passes the arguments on as text.
        if (StrictArguments.FindError(arguments) is { } error)
        {
            await Console.Error.WriteLineAsync($"rave-server: {error}");
            return WrongUsage;
        }

        NativeMemory.RestartWithOneArena();

        ParseResult command = ServerCommand.Create().Parse(arguments, StrictArguments.Parsing);
        try
        {
            InvocationConfiguration invocation = new() { ProcessTerminationTimeout = StopTimeout, EnableDefaultExceptionHandler = false };
            int exit = await command.InvokeAsync(invocation);
            return command.Errors.Count > 0 ? WrongUsage : exit;
        }
        catch (Exception failure)
        {
            // Every other failure is reported in one sentence.
            await Console.Error.WriteLineAsync($"rave-server: {failure.Root().Message}");
            return ServerRun.Failed;
        }
    }
}
