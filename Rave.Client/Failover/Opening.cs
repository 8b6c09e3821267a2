using Rave.Server.Contracts;
using Rave.Server.Leadership;

namespace Rave.Client.Failover;

// What opening a handle waits for: the campaign's first leader, whoever it is.
internal static class Opening
{
    // Starts the campaign. Throws at the deadline, or as soon as it is clear that waiting will not help.
    internal static async Task OpenAsync(this Campaign campaign, DatabaseLocation location, RaveOptions options, CancellationToken cancellationToken)
    {
        TaskCompletionSource<Reign> hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);
        campaign.Failed += failure =>
        {
            if (!failure.MayPass)
            {
                hopeless.TrySetException(failure);
            }
        };
        Task<Reign> first = campaign.ReignAsync(cancellationToken).AsTask();
        campaign.Start();
        try
        {
            Task<Reign> decided = await Task.WhenAny(first, hopeless.Task)
                .WaitAsync(options.OpenTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            await decided.ConfigureAwait(false);
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
    }
}
