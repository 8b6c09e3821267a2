using Microsoft.AspNetCore.Http.Features;
using Rave.Server.Engine;
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

    // What is sent at once: all that stands in memory for a subscriber that does not read.
    private const int SendBytes = 64 << 10;

    internal static void MapChanges(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Routes.Changes, Watch).Takes([.. Parameter.Range, Parameter.ValueEncoding, Parameter.Values, Parameter.LastEventId]);

    private static async Task Watch(RaveRequest request, HttpContext context, ServedDatabase served)
    {
        Query query = request.Query;
        KeyRange range = query.Bounds().ToRange();
        bool withValues = query.Flag(Parameter.Values, otherwise: true);
        long epoch = served.Leader.Epoch;
        ChangePosition? after = LastEventId.Read(context.Request.Headers, epoch);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, served.Stopping);
        using ChangeEvents events = new(epoch, query.KeyEncoding, query.ValueEncoding, withValues);
        using ChangeSubscription subscription = await served.Store.SubscribeAsync(range, after);
        // Where the stream begins; a gap that comes first has a place of its own.
        FeedPlace? start = subscription.Position is { } position ? new(epoch, position) : null;
        using PeriodicTimer timer = new(Heartbeat, served.Time);
        try
        {
            await SendAsync(context, start, events, subscription, timer, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The subscriber has gone, or this leader stops: either way the stream ends here.
        }
    }

    private static async Task SendAsync(
        HttpContext context, FeedPlace? start, ChangeEvents events, ChangeSubscription subscription, PeriodicTimer timer, CancellationToken cancellationToken)
    {
        Task<bool> beat = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        while (true)
        {
            using PooledBuffer buffer = new();
            if (!context.Response.HasStarted)
            {
                // A comment and nothing else: a simple reader takes a block with an id for an event. Where it begins stands in a header.
                events.WriteComment(buffer, "ok", place: null);
            }

            int before = buffer.Length;
            RaveException? failure = Fill(buffer, events, subscription);
            if (failure is not null && buffer.Length == before && !context.Response.HasStarted)
            {
                // Who comes back to the change that its encoding cannot carry is told so, instead of being cut off again and again.
                throw failure;
            }

            // No place in the comment that lies behind a change that could not be told.
            if (beat.IsCompleted && failure is null)
            {
                await beat;
                events.WriteComment(buffer, "alive", subscription.Position);
                beat = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (buffer.Length > 0)
            {
                await SendAsync(context, start, buffer, cancellationToken);
            }

            if (failure is not null)
            {
                // Cuts the stream: a consumer that missed the change must not think that it has them all.
                throw failure;
            }

            if (buffer.Length == 0)
            {
                await Task.WhenAny(subscription.WaitAsync(), beat);
            }
        }
    }

    private static RaveException? Fill(PooledBuffer buffer, ChangeEvents events, ChangeSubscription subscription)
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
            // Who is cut off before the first event and the first comment goes on from there.
            context.Response.Headers[Parameter.LastEventId.Name] = start?.ToString();
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        }

        try
        {
            await AnswerBody.SendAsync(context, buffer.Written, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // It does not read: the leader must not wait for it.
            context.Abort();
            throw;
        }
    }
}
