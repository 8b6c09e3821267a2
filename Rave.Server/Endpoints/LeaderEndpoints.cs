using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Rave.Server.Protocol;
using Rave.Server.Results;
using Rave.Server.Serving;

namespace Rave.Server.Endpoints;

// Leadership: a stream that ends with the leader, and the request to hand over.
internal static class LeaderEndpoints
{
    // A follower gives up a connection that is silent for several heartbeats.
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    internal static void MapLeader(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Leader, Watch).AllowParameters();
        routes.MapPost(Routes.StepDown, StepDown).AllowParameters();
    }

    private static async Task Watch(HttpContext context, ServedDatabase served)
    {
        LeaderInfo leader = served.Leader;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, served.Stopping);
        context.Response.BeginStream(MediaTypes.Events);
        context.Response.Headers[Routes.DirectoryHeader] = served.Directory;
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        served.AddFollower();
        try
        {
            string data = JsonSerializer.Serialize(leader, RaveJson.Legible.LeaderInfo);
            await context.Response.WriteAsync($"event: leader\ndata: {data}\n\n", Encoding.UTF8, end.Token);
            await SendHeartbeatsAsync(context.Response, served.Time, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The follower has disconnected, or this leader stops.
        }
        finally
        {
            served.RemoveFollower();
        }
    }

    private static async Task SendHeartbeatsAsync(HttpResponse response, TimeProvider time, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Heartbeat, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await response.WriteAsync(": alive\n\n", Encoding.UTF8, cancellationToken);
        }
    }

    private static Accepted StepDown(HttpContext context, ServedDatabase served)
    {
        // Throws while this process does not lead.
        _ = served.Leader;
        // After the answer is sent: stopping waits for it.
        context.Response.OnCompleted(() =>
        {
            served.RequestStepDown();
            return Task.CompletedTask;
        });
        return TypedResults.Accepted((string?)null);
    }
}
