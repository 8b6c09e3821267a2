using System.CommandLine;
using Rave.Server.Cli;
using Rave.Server.Platform;

namespace Rave.Server;

// rave-server: leads a location, or waits for its turn.
internal static class Program
{
    private const int WrongUsage = 2;

    // A leader that was asked to end drains, closes LevelDB and lets go of the lock: longer than the library's two seconds.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private static async Task<int> Main(string[] arguments)
    {
        // Before it begins anew, for which the words are text already.
        if (TypedWords.Refuse(arguments) is { } refusal)
        {
            await Console.Error.WriteLineAsync($"rave-server: {refusal}");
            return WrongUsage;
        }

        NativeMemory.BeginWithOneArena();

        ParseResult command = ServerCommand.Create().Parse(arguments, TypedWords.Parsing);
        try
        {
            int exit = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopTimeout, EnableDefaultExceptionHandler = false });
            return command.Errors.Count > 0 ? WrongUsage : exit;
        }
        catch (Exception failure)
        {
            // Whatever it was, it is told in a sentence.
            await Console.Error.WriteLineAsync($"rave-server: {failure.Root().Message}");
            return ServerRun.Hopeless;
        }
    }
}
