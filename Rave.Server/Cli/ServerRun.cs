using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;

namespace Rave.Server.Cli;

// One run of rave-server, from its first campaign to the signal that ends it.
internal static class ServerRun
{
    internal const int Done = 0;
    internal const int Hopeless = 3;
    internal const int WithLosses = 4;

    internal static async Task<int> RunAsync(ServerArguments asked, CancellationToken cancellationToken)
    {
        // What it says of its own accord are lines for people; what failed unexpectedly is told in every case.
        using ConsoleLog log = new(asked.Verbose ? LogLevel.Information : LogLevel.Error);
        using ITimer? memory = NativeMemory.ReturnRegularly(TimeProvider.System);
        try
        {
            using DatabaseLocation location = DatabaseLocation.Resolve(asked.Location, asked.Create);
            if (DirectoryCheck.OpenToOthers(location, asked.Group) is { } mode)
            {
                await Console.Error.WriteLineAsync($"rave-server: '{location.Directory}' is open to other users (mode {mode}): they can read the database; chmod 700 keeps them out.");
            }

            LevelDbOptions levelDb = asked.CacheMegabytes is { } cache ? new() { CacheSize = cache << 20 } : new();
            LeaderOptions options = new() { Logger = log, HttpPort = asked.HttpPort, ReadOnly = asked.ReadOnly, Group = asked.Group, LevelDb = levelDb };
            await using Campaign campaign = new(location, options, new OpenMode(asked.Create, MustBeNew: false, Takeover: false));
            return await CampaignAsync(campaign, location, cancellationToken);
        }
        catch (RaveException failure)
        {
            await Console.Error.WriteLineAsync($"rave-server: {failure.Message}");
            return Hopeless;
        }
    }

    private static async Task<int> CampaignAsync(Campaign campaign, DatabaseLocation location, CancellationToken cancellationToken)
    {
        TaskCompletionSource<RaveException> hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string? said = null;
        campaign.Began += reign =>
        {
            said = null;
            Console.Out.WriteLine($"{(reign.IsOwn ? "leader" : "follower")} {location.SocketPath}");
            if (reign.Own?.Loopback is { } loopback)
            {
                Console.Out.WriteLine($"http {loopback.Port.Url} token {loopback.TokenPath}");
            }
            else if (reign.Own?.LoopbackFailure is { } failure)
            {
                Console.Error.WriteLine($"rave-server: {failure.Message} Serving over the socket only.");
            }
        };
        campaign.Failed += failure =>
        {
            if (!failure.MayPass)
            {
                hopeless.TrySetResult(failure);
            }
            else if (said != failure.Message)
            {
                said = failure.Message;
                Console.Error.WriteLine($"rave-server: waiting: {failure.Message}");
            }
        };
        campaign.Start();
        try
        {
            throw (await hopeless.Task.WaitAsync(cancellationToken)).Again();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // SIGTERM or SIGINT: hand over and end.
            return Done;
        }
    }
}
