using System.Net;
using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Platform;

namespace Rave.Client.Failover;

// Sends a request to the leader. If the leader is lost, it waits for the next one and sends the request again.
internal sealed class FailoverHandler(string directory, Campaign campaign, RaveOptions options, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    // Between attempts that did not reach a leader, or one that starts, stops or has too much to do.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // A request that has lost two leaders may have killed them. The next one serves other requests for so long before it gets this one.
    // One lost leader is a normal failover, without this wait.
    private static readonly TimeSpan ProbationPerLoss = TimeSpan.FromMilliseconds(100);

    // A killed process still accepts connections for some milliseconds after it has cut others, and a request sent there is lost again.
    // So a cut is followed by a wait until the reign ends. A leader that continues has cut this connection alone.
    private static readonly TimeSpan ReignEndTimeout = TimeSpan.FromMilliseconds(100);

    // The failure of an operation at its deadline.
    internal RaveException TimedOut(bool mayHaveBeenApplied)
    {
        string why = campaign.Current is { } reign ? $"the leader, process {reign.Info.Pid} ({reign.Info.Program}), did not answer"
            : campaign.Failure is { } failure ? $"there is no leader: {failure.Message.TrimEnd('.')}"
            : $"no leader could be reached{campaign.LastSeen()}";
        string message = $"The operation timed out after {options.OperationTimeout.TotalSeconds:0.###} s: {why}.";
        return ConnectionLost(message, mayHaveBeenApplied, campaign.Failure);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Attempts attempts = request.Options.TryGetValue(Attempts.Key, out Attempts? given) && given is not null
            ? given
            : throw new InvalidOperationException("The request came without its attempts.");
        return attempts.LaneToken is { } token
            ? SendAsync(request, attempts, token)
            : SendBeforeDeadlineAsync(request, attempts, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendBeforeDeadlineAsync(
        HttpRequestMessage request, Attempts attempts, CancellationToken cancellationToken)
    {
        TimeSpan timeout = attempts.IsStepwise ? Timeout.InfiniteTimeSpan : options.OperationTimeout;
        using CancellationTokenSource deadline = new(timeout, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await SendAsync(request, attempts, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(attempts.MayHaveBeenApplied);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Attempts attempts, CancellationToken cancellationToken)
    {
        Backoff? backoff = null;
        while (true)
        {
            Reign reign = attempts.LeadersLost == 0 && campaign.Current is { } current
                ? current
                : await LeaderAsync(attempts, cancellationToken).ConfigureAwait(false);
            if (reign.IsOwn && !attempts.IsAboutLeader)
            {
                throw new LeadsHereException();
            }

            int lost = attempts.LeadersLost;
            if (await TrySendAsync(request, reign, attempts, cancellationToken).ConfigureAwait(false) is { } response)
            {
                return response;
            }

            if (attempts.LeadersLost > lost)
            {
                await Task.WhenAny(reign.Over, Task.Delay(ReignEndTimeout, options.TimeProvider, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
            else
            {
                backoff ??= new(options.TimeProvider, FirstWait, LongestWait);
                await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<Reign> LeaderAsync(Attempts attempts, CancellationToken cancellationToken)
    {
        Reign reign;
        try
        {
            reign = await campaign.ReignAsync(cancellationToken).AsTask()
                .WaitAsync(options.OperationTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw TimedOut(attempts.MayHaveBeenApplied);
        }

        TimeSpan probation = ((attempts.LeadersLost - 1) * ProbationPerLoss) - options.TimeProvider.GetElapsedTime(reign.Since);
        if (probation > TimeSpan.Zero)
        {
            await Task.Delay(probation, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        return reign;
    }

    // The complete answer. Null if the request can be sent again: it was not executed, or its leader was lost.
    private async Task<HttpResponseMessage?> TrySendAsync(
        HttpRequestMessage request, Reign reign, Attempts attempts, CancellationToken cancellationToken)
    {
        using CancellationTokenSource? untilOver =
            attempts.IsStepwise ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : null;
        CancellationToken attempt = untilOver?.Token ?? cancellationToken;
        if (untilOver is not null)
        {
            // It has no deadline, so it ends with its leader.
            _ = reign.Over.ContinueWith(
                _ => CancelAfterReign(untilOver), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        if (!attempts.TryBeginSend())
        {
            throw new OperationCanceledException("The operation was given up before it was sent.");
        }

        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, attempt).ConfigureAwait(false);
            // Read here, so that a leader that dies in the middle of its answer counts as lost.
            if (response.StatusCode != HttpStatusCode.NoContent)
            {
                using HttpContent answer = response.Content;
                response.Content = await PooledContent.ReadAsync(answer, attempt).ConfigureAwait(false);
            }

            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return response;
            }

            // The leader starts, stops or is overloaded. By contract, the request was not executed.
            attempts.MarkNotExecuted();
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            // There is no socket, nobody listens, or the backlog is full. Nothing was sent. Only the lock shows whether the leader lives.
            attempts.MarkNotExecuted();
        }
        catch (OperationCanceledException) when (!attempt.IsCancellationRequested)
        {
            // Connecting took too long: nothing was sent.
            attempts.MarkNotExecuted();
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException
            || (cause is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The connection was cut after the request was sent. The leader may have executed it.
            CountLostLeader(reign, attempts, cause);
        }

        response?.Dispose();
        return null;
    }

    private void CountLostLeader(Reign reign, Attempts attempts, Exception cause)
    {
        attempts.LeadersLost++;
        HandleMeter.CountLoss(directory);
        Tracing.NoteLoss(attempts.Spans, reign.Info, attempts.LeadersLost);
        if (!options.Retry || attempts.LeadersLost >= options.MaxLeadersLost)
        {
            string why = options.Retry
                ? $"{attempts.LeadersLost} leaders were lost while they had it"
                : "its leader was lost, and Retry is false";
            string message = $"The operation failed: {why}. The last leader was process {reign.Info.Pid}.";
            throw ConnectionLost(message, attempts.MayHaveBeenApplied, cause);
        }
    }

    private static RaveException ConnectionLost(string message, bool mayHaveBeenApplied, Exception? cause)
    {
        string consequence = mayHaveBeenApplied ? " It may have been applied." : "";
        return new(ErrorCodes.ConnectionLost, message + consequence, cause) { MayHaveBeenApplied = mayHaveBeenApplied };
    }

    private static void CancelAfterReign(CancellationTokenSource attempt)
    {
        try
        {
            attempt.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt has ended before.
        }
    }
}
