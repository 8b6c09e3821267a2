using Microsoft.AspNetCore.Http.Features;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Results;
using Rave.Server.Serving;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// The change feed, as server-sent events.
internal static class ChangeEndpoints
{
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    // The most that is in memory for a subscriber that does not read.
    private const int SendBytes = 64 << 10;

    internal static void MapChanges(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Changes, Watch)
            .AllowParameters([.. Parameter.Range, Parameter.ValueEncoding, Parameter.Values, Parameter.LastEventId]);

    private static async Task Watch(RaveRequest request, HttpContext context, ServedDatabase served)
    {
        Query query = request.Query;
        KeyRange range = query.Bounds().ToRange();
        bool withValues = query.Flag(Parameter.Values, otherwise: true);
        FeedPlace? after = LastEventId.Read(context.Request.Headers);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, served.Stopping);
        using ChangeEvents events = new(query.KeyEncoding, query.ValueEncoding, withValues);
        using IChangeSubscription subscription = await served.Store.SubscribeAsync(range, after, end.Token);
        // The start of the stream. A gap at the start has its own place.
        FeedPlace? start = subscription.Place;
        using PeriodicTimer timer = new(Heartbeat, served.Time);
        try
        {
            await SendEventsAsync(context, start, events, subscription, timer, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The subscriber has disconnected, or this leader stops.
        }
    }

    private static async Task SendEventsAsync(
        HttpContext context, FeedPlace? start, ChangeEvents events, IChangeSubscription subscription, PeriodicTimer timer,
        CancellationToken cancellationToken)
    {
        Task<bool> beat = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        Task news = Task.CompletedTask;
        while (true)
        {
            using PooledBuffer buffer = new();
            if (!context.Response.HasStarted)
            {
                // A comment without an id: simple readers take a block with an id for an event. A header has the start of the stream.
                ChangeEvents.WriteComment(buffer, "ok", place: null);
            }

            int before = buffer.Length;
            RaveException? failure = Fill(buffer, events, subscription);
            if (failure is not null && buffer.Length == before && !context.Response.HasStarted)
            {
                // The first change cannot be encoded. An error says so; a cut stream would make the client reconnect again and again.
                throw failure;
            }

            // After a failure there is no comment: its place would be after the change that was not sent.
            if (beat.IsCompleted && failure is null)
            {
                await beat;
                ChangeEvents.WriteComment(buffer, "alive", subscription.Place);
                beat = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (buffer.Length > 0)
            {
                await SendAsync(context, start, buffer, cancellationToken);
            }

            if (failure is not null)
            {
                // Cuts the stream, so that the client knows that it missed a change.
                throw failure;
            }

            if (buffer.Length == 0)
            {
                // A wait continues across heartbeats.
                news = news.IsCompleted ? subscription.WaitAsync(cancellationToken) : news;
                await await Task.WhenAny(news, beat);
            }
        }
    }

    private static RaveException? Fill(PooledBuffer buffer, ChangeEvents events, IChangeSubscription subscription)
    {
        try
        {
            while (buffer.Length < SendBytes && subscription.TryRead(out Change change))
            {
                events.Write(buffer, change);
            }

            return null;
        }
        catch (RaveException failure)
        {
            return failure;
        }
    }

    private static async Task SendAsync(HttpContext context, FeedPlace? start, PooledBuffer buffer, CancellationToken cancellationToken)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.BeginStream(MediaTypes.Events);
            // A client that is cut off before the first place in the stream continues from this one.
            context.Response.Headers[Parameter.LastEventId.Name] = start?.ToString();
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        }

        try
        {
            await AnswerBody.SendAsync(context, buffer.Written, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The subscriber does not read, and the leader must not wait for it.
            context.Abort();
            throw;
        }
    }
}
