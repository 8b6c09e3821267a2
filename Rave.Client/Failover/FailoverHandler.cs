using System.Net;
using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Platform;

namespace Rave.Client.Failover;

// Sends a request to whoever leads, for as long as it takes: when the leader is lost, waits for the next one and sends again.
internal sealed class FailoverHandler(string directory, Campaign campaign, RaveOptions options, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // Between attempts that did not reach a leader: it is starting, stopping or has too much to do.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // What has cost two leaders may be what killed them: the next must have led so long before it gets it, and others are served before.
    // One lost leader is what a failover looks like, and waits for nothing.
    private static readonly TimeSpan ProbationPerLoss = TimeSpan.FromMilliseconds(100);

    // A process that is being killed takes connections for some milliseconds after it has cut others, and what is sent there is lost a second time.
    // The watch sees it end; a leader that goes on leading has cut this connection alone.
    private static readonly TimeSpan LongestDying = TimeSpan.FromMilliseconds(100);

    // The deadline of an operation has come.
    internal RaveException NoAnswer(bool mayHaveBeenApplied)
    {
        string why = campaign.Current is { } reign ? $"the leader, process {reign.Info.Pid} ({reign.Info.Program}), did not answer"
            : campaign.Failure is { } failure ? $"nobody leads: {failure.Message.TrimEnd('.')}"
            : $"nobody could be reached that leads{campaign.LastSeen()}";
        return new(ErrorCodes.ConnectionLost, $"The operation failed within {options.OperationTimeout.TotalSeconds:0.###} s: {why}.{Consequence(mayHaveBeenApplied)}", campaign.Failure)
        {
            MayHaveBeenApplied = mayHaveBeenApplied,
        };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Attempts attempts = request.Options.TryGetValue(Attempts.Key, out Attempts? given) && given is not null
            ? given
            : throw new InvalidOperationException("The request came without its attempts.");
        return attempts.End is { } end ? SendAsync(request, attempts, end) : SendInTimeAsync(request, attempts, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendInTimeAsync(HttpRequestMessage request, Attempts attempts, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = new(attempts.IsStepwise ? Timeout.InfiniteTimeSpan : options.OperationTimeout, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await SendAsync(request, attempts, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw NoAnswer(attempts.MayHaveBeenApplied);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Attempts attempts, CancellationToken cancellationToken)
    {
        Backoff? backoff = null;
        while (true)
        {
            // Usually there is one, and has been for long.
            Reign reign = attempts.Lost == 0 && campaign.Current is { } current ? current : await LeaderAsync(attempts, cancellationToken).ConfigureAwait(false);
            if (reign.IsOwn && !attempts.IsAboutLeader)
            {
                throw new LeadsHereException();
            }

            int lost = attempts.Lost;
            if (await TrySendAsync(request, reign, attempts, cancellationToken).ConfigureAwait(false) is { } response)
            {
                return response;
            }

            if (attempts.Lost > lost)
            {
                await Task.WhenAny(reign.Over, Task.Delay(LongestDying, options.TimeProvider, cancellationToken)).ConfigureAwait(false);
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
            throw NoAnswer(attempts.MayHaveBeenApplied);
        }

        TimeSpan probation = ((attempts.Lost - 1) * ProbationPerLoss) - options.TimeProvider.GetElapsedTime(reign.Since);
        if (probation > TimeSpan.Zero)
        {
            await Task.Delay(probation, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        return reign;
    }

    // The answer, whole; null when the request was not executed, or may be sent again.
    private async Task<HttpResponseMessage?> TrySendAsync(HttpRequestMessage request, Reign reign, Attempts attempts, CancellationToken cancellationToken)
    {
        using CancellationTokenSource? untilOver = attempts.IsStepwise ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : null;
        CancellationToken attempt = untilOver?.Token ?? cancellationToken;
        if (untilOver is not null)
        {
            // Without a deadline of its own it lasts as long as its leader does.
            _ = reign.Over.ContinueWith(_ => CancelAfterReign(untilOver), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        if (!attempts.TryBeingSent())
        {
            throw new OperationCanceledException("Nobody waits for it any more.");
        }

        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, attempt).ConfigureAwait(false);
            // Here and not by whoever asked: a leader that dies in the middle of its answer is lost like any other.
            if (response.StatusCode != HttpStatusCode.NoContent)
            {
                using HttpContent answer = response.Content;
                response.Content = await PooledContent.ReadAsync(answer, attempt).ConfigureAwait(false);
            }

            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return response;
            }

            // Starting, stopping or overloaded: not executed, by contract.
            attempts.WasNotExecuted();
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConnectionError)
        {
            // No socket, nobody listening, or its backlog is full: nothing was sent. Whether the leader lives is the lock's to say.
            attempts.WasNotExecuted();
        }
        catch (OperationCanceledException) when (!attempt.IsCancellationRequested)
        {
            // Connecting took too long: nothing was sent.
            attempts.WasNotExecuted();
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException
            || (cause is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Cut after it was sent: the leader may have executed it and died before it answered.
            CountLoss(reign, attempts, cause);
        }

        response?.Dispose();
        return null;
    }

    private void CountLoss(Reign reign, Attempts attempts, Exception cause)
    {
        attempts.Lost++;
        HandleMeter.CountLoss(directory);
        Tracing.NoteLoss(attempts.Spans, reign.Info, attempts.Lost);
        if (!options.Retry || attempts.Lost >= options.MaxLeadersLost)
        {
            string why = options.Retry ? $"{attempts.Lost} leaders were lost while they had it" : "its leader was lost and retries are off";
            throw new RaveException(ErrorCodes.ConnectionLost, $"The operation failed: {why}. The last one was process {reign.Info.Pid}.{Consequence(attempts.MayHaveBeenApplied)}", cause)
            {
                MayHaveBeenApplied = attempts.MayHaveBeenApplied,
            };
        }
    }

    private static string Consequence(bool mayHaveBeenApplied) => mayHaveBeenApplied ? " It may have been applied." : "";

    private static void CancelAfterReign(CancellationTokenSource attempt)
    {
        try
        {
            attempt.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt was over first.
        }
    }
}
