using Rave.Server.Contracts;
using Rave.Server.Leadership;

namespace Rave.Server.Cli;

// One run of rave-server --repair: rescues what can be read of a database that nobody has open, keeps what it was, and ends.
internal static class RepairRun
{
    internal static async Task<int> RunAsync(string path)
    {
        try
        {
            string copy = await Task.Run(() => ClosedDatabase.Repair(path, new(), TimeProvider.System.GetUtcNow()));
            await Console.Out.WriteLineAsync($"repaired {Path.GetFullPath(path)}");
            await Console.Out.WriteLineAsync($"copy {copy}");
            return ServerRun.Done;
        }
        catch (LevelException failure)
        {
            await Console.Error.WriteLineAsync($"rave-server: {failure.Message}");
            return ServerRun.Hopeless;
        }
    }
}
