using Rave.Server.Election;
using Rave.Server.Hosting;
using Rave.Server.Location;

namespace Rave.Server.Cli;

// A run of rave-server, from its first campaign to the signal that ends it.
internal static class ServerRun
{
    internal const int Done = 0;
    internal const int Failed = 3;
    internal const int WithLosses = 4;

    internal static async Task<int> RunAsync(ServerArguments arguments, CancellationToken cancellationToken)
    {
        // Elections are printed for people below. Unexpected failures are always logged.
        using ConsoleLog log = new(arguments.Verbose ? LogLevel.Information : LogLevel.Error);
        using ITimer? memory = NativeMemory.TrimRegularly(TimeProvider.System);
        try
        {
            using DatabaseLocation location = DatabaseLocation.Resolve(arguments.Location, arguments.Create);
            if (DirectoryCheck.OpenToOthers(location, arguments.Group) is { } mode)
            {
                await Console.Error.WriteLineAsync(
                    $"rave-server: '{location.Directory}' is open to other users (mode {mode}), who can read the database."
                    + " `chmod 700` keeps them out.");
            }

            LeaderOptions options = new()
            {
                Logger = log,
                HttpPort = arguments.HttpPort,
                ReadOnly = arguments.ReadOnly,
                Group = arguments.Group,
                LevelDb = arguments.CacheMegabytes is { } cache ? new() { CacheSize = cache << 20 } : new(),
            };
            await using Campaign campaign = new(location, options, new OpenMode(arguments.Create, MustBeNew: false, Takeover: false));
            return await CampaignAsync(campaign, location, cancellationToken);
        }
        catch (RaveException failure)
        {
            await Console.Error.WriteLineAsync($"rave-server: {failure.Message}");
            return Failed;
        }
    }

    private static async Task<int> CampaignAsync(Campaign campaign, DatabaseLocation location, CancellationToken cancellationToken)
    {
        TaskCompletionSource<RaveException> failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string? lastMessage = null;
        campaign.Began += reign =>
        {
            lastMessage = null;
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
                failed.TrySetResult(failure);
            }
            else if (lastMessage != failure.Message)
            {
                lastMessage = failure.Message;
                Console.Error.WriteLine($"rave-server: waiting: {failure.Message}");
            }
        };
        campaign.Start();
        try
        {
            throw (await failed.Task.WaitAsync(cancellationToken)).Copy();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // SIGTERM or SIGINT: hand over and end.
            return Done;
        }
    }
}
