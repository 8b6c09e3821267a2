using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Client.Failover;

// What opening a handle waits for: the campaign's first leader, whoever it is.
internal static class Opening
{
    // Between two looks whether the directory is there.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    // The location of a handle that may not lead: it makes no directory, and waits for who does.
    internal static async Task<DatabaseLocation> FindAsync(string path, RaveOptions options, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        Backoff backoff = new(options.TimeProvider, FirstWait, LongestWait);
        while (!Directory.Exists(path) && !File.Exists(path))
        {
            if (options.TimeProvider.GetElapsedTime(began) >= options.OpenTimeout)
            {
                throw NobodyLeads(path, options, cause: null);
            }

            await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return DatabaseLocation.Resolve(path, create: false);
    }

    // Starts the campaign. Throws at the deadline, which counts from the timestamp, or as soon as it is clear that waiting will not help.
    internal static async Task OpenAsync(this Campaign campaign, DatabaseLocation location, RaveOptions options, long began, CancellationToken cancellationToken)
    {
        TaskCompletionSource<RaveException> hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);
        campaign.Failed += failure =>
        {
            if (!failure.MayPass)
            {
                hopeless.TrySetResult(failure);
            }
        };
        // Whichever of the two is not awaited in the end is cancelled, so that it cannot fail unobserved later.
        using CancellationTokenSource decided = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Reign> first = campaign.ReignAsync(decided.Token).AsTask();
        campaign.Start();
        try
        {
            TimeSpan left = options.OpenTimeout - options.TimeProvider.GetElapsedTime(began);
            await Task.WhenAny(first, hopeless.Task)
                .WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (!first.IsCompleted)
            {
                throw (await hopeless.Task.ConfigureAwait(false)).Again();
            }

            await first.ConfigureAwait(false);
        }
        catch (TimeoutException timedOut)
        {
            throw !options.CanLead && LockHolder.Find(location.LockPath, LockHolder.Flock) is null ? NobodyLeads(location.Directory, options, timedOut)
                : campaign.Failure is { } failure
                ? new RaveException(failure.Code, failure.Message, failure)
                : new RaveException(
                    ErrorCodes.ConnectionLost,
                    $"'{location.Directory}' is led by somebody who could not be reached within {options.OpenTimeout.TotalSeconds:0.###} s{campaign.LastSeen()}.",
                    timedOut);
        }
        finally
        {
            await decided.CancelAsync().ConfigureAwait(false);
        }
    }

    private static RaveException NobodyLeads(string path, RaveOptions options, Exception? cause) => new(
        ErrorCodes.ConnectionLost,
        $"Nobody has led '{path}' within {options.OpenTimeout.TotalSeconds:0.###} s, and this handle may not (CanLead is false). Start a program that leads first, or let this one.",
        cause);
}
