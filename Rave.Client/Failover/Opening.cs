using Rave.Server.Contracts;
using Rave.Server.Leadership;

namespace Rave.Client.Failover;

// What opening a handle waits for: the campaign's first leader, whoever it is.
internal static class Opening
{
    // Starts the campaign. Throws at the deadline, or as soon as it is clear that waiting will not help.
    internal static async Task OpenAsync(this Campaign campaign, DatabaseLocation location, RaveOptions options, CancellationToken cancellationToken)
    {
        TaskCompletionSource<LevelException> hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
            await Task.WhenAny(first, hopeless.Task).WaitAsync(options.OpenTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (!first.IsCompleted)
            {
                throw (await hopeless.Task.ConfigureAwait(false)).Again();
            }

            await first.ConfigureAwait(false);
        }
        catch (TimeoutException timedOut)
        {
            throw campaign.Failure is { } failure
                ? new LevelException(failure.Code, failure.Message, failure)
                : new LevelException(
                    ErrorCodes.ConnectionLost,
                    $"'{location.Directory}' is led by somebody who could not be reached within {options.OpenTimeout.TotalSeconds:0.###} s{campaign.LastSeen()}.",
                    timedOut);
        }
        finally
        {
            await decided.CancelAsync().ConfigureAwait(false);
        }
    }
}
