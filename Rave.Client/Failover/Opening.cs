using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Client.Failover;

// Opening a handle: it waits until this process leads or follows.
internal static class Opening
{
    // Between two checks whether the directory exists.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    // For a handle that may not lead. It creates no directory, but waits until a leader has created it.
    internal static async Task<DatabaseLocation> FindAsync(string path, RaveOptions options, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        Backoff backoff = new(options.TimeProvider, FirstWait, LongestWait);
        while (!Directory.Exists(path) && !File.Exists(path))
        {
            if (options.TimeProvider.GetElapsedTime(began) >= options.OpenTimeout)
            {
                throw NoLeader(path, options, cause: null);
            }

            await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return DatabaseLocation.Resolve(path, create: false);
    }

    // Starts the campaign. Throws when the timeout, counted from the timestamp, has passed, or earlier if waiting cannot help.
    internal static async Task OpenAsync(
        this Campaign campaign, DatabaseLocation location, RaveOptions options, long began, CancellationToken cancellationToken)
    {
        TaskCompletionSource<RaveException> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        campaign.Failed += failure =>
        {
            if (!failure.MayPass)
            {
                refused.TrySetResult(failure);
            }
        };
        // Cancelled at the end, so that a task that is not awaited cannot fail unobserved.
        using CancellationTokenSource decided = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Reign> first = campaign.ReignAsync(decided.Token).AsTask();
        campaign.Start();
        try
        {
            TimeSpan left = options.OpenTimeout - options.TimeProvider.GetElapsedTime(began);
            await Task.WhenAny(first, refused.Task)
                .WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (!first.IsCompleted)
            {
                throw (await refused.Task.ConfigureAwait(false)).Copy();
            }

            await first.ConfigureAwait(false);
        }
        catch (TimeoutException timedOut)
        {
            if (!options.CanLead && LockHolder.Find(location.LockPath, LockHolder.Flock) is null)
            {
                throw NoLeader(location.Directory, options, timedOut);
            }

            string message = $"The leader of '{location.Directory}' could not be reached within {Seconds(options)} s{campaign.LastSeen()}.";
            throw campaign.Failure is { } failure
                ? new RaveException(failure.Code, failure.Message, failure)
                : new RaveException(ErrorCodes.ConnectionLost, message, timedOut);
        }
        finally
        {
            await decided.CancelAsync().ConfigureAwait(false);
        }
    }

    private static RaveException NoLeader(string path, RaveOptions options, Exception? cause) => new(
        ErrorCodes.ConnectionLost,
        $"No process has led '{path}' within {Seconds(options)} s, and this handle may not lead (CanLead is false). "
        + "Start a leader first, for example rave-server, or set CanLead to true.",
        cause);

    private static string Seconds(RaveOptions options) => $"{options.OpenTimeout.TotalSeconds:0.###}";
}
