using System.CommandLine;
using Rave.Server.Cli;

namespace Rave.Server;

// rave-server: leads a location, or waits for its turn.
internal static class Program
{
    private const int WrongUsage = 2;

    // A leader that was asked to end drains, closes LevelDB and lets go of the lock: longer than the library's two seconds.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private static async Task<int> Main(string[] arguments)
    {
        NativeMemory.BeginWithOneArena();
        ParseResult command = ServerCommand.Create().Parse(arguments);
        int exit = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopTimeout });
        return command.Errors.Count > 0 ? WrongUsage : exit;
    }
}
