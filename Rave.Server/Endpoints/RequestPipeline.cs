using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Results;
using Rave.Server.Serving;

namespace Rave.Server.Endpoints;

// The steps around every handler: the target is checked before routing, the parameters after it, and failures become problem details.
internal sealed class RequestPipeline(RouteTable routes, ServedDatabase served)
{
    private const string NoMethod = "-";

    // Runs first, so that it measures the whole time that a client waits.
    internal async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        long began = served.Time.GetTimestamp();
        await next(context);
        if (context.Features.Get<Problem>() is { } problem)
        {
            served.Metrics.Requests.AddError(problem.Code);
        }

        // Cancelled requests and endless streams say nothing about the speed of the service.
        if (!context.RequestAborted.IsCancellationRequested && context.Response.ContentType != MediaTypes.Events)
        {
            string? route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            served.Metrics.Requests.Add(route, context.Request.Method, context.Response.StatusCode, served.Time.GetElapsedTime(began));
        }
    }

    // Answers the failures of all later steps.
    internal async Task AnswerFailuresAsync(HttpContext context, RequestDelegate next)
    {
        ProblemResult? problem = null;
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                problem = Problems.FromStatus(context.Response.StatusCode);
            }
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested || IsDisconnect(failure))
        {
            // The client has disconnected, or a stopping leader cut the connection. Nobody waits for an answer.
            return;
        }
        catch (RaveException failure)
        {
            problem = Problems.From(failure);
            if (problem.IsRefusal && context.Features.Get<RaveRequest>()?.Once is { } once)
            {
                served.Refuse(once, failure);
            }
        }
        catch (UnsupportedMediaTypeException failure)
        {
            problem = Problems.Of(StatusCodes.Status415UnsupportedMediaType, ErrorCodes.InvalidRequest, failure.Message);
        }
        catch (BadHttpRequestException failure)
        {
            problem = Problems.From(failure);
        }
        catch (IOException failure) when (failure.InnerException is OverflowException)
        {
            // Kestrel refuses a chunk with too large a size this way (Http1ChunkedEncodingMessageBody.cs, CalculateChunkSize).
            problem = Problems.Of(
                StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest, "The size of a chunk of the body is larger than is possible.");
        }
        catch (Exception failure)
        {
            Log.RequestFailed(served.Logger, failure, context.Request.Method, context.Request.Path);
            problem = Problems.Unexpected();
        }

        if (problem is not null)
        {
            await AnswerAsync(context, problem);
        }
    }

    // Runs before every step that uses the method. Methods are case-sensitive, but ASP.NET takes `HEAd` for HEAD; Kestrel does not.
    internal static Task CheckMethodAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            // Routing refuses this like any unknown method.
            context.Request.Method = NoMethod;
        }

        return next(context);
    }

    // Runs before routing, on the raw target. It gives routing a path that matches one route only.
    internal Task CheckTargetAsync(HttpContext context, RequestDelegate next)
    {
        RequestTarget target = RequestTarget.Parse(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (routes.Match(target.Path) is not { } path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Request.Path = path;
        context.Features.Set(new RaveRequest(target));
        return next(context);
    }

    // Runs after routing, when the parameters of the route are known.
    internal static Task CheckQueryAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteParameters>() is { } known)
        {
            RaveRequest request = context.Features.GetRequiredFeature<RaveRequest>();
            // First, so that any other refusal of the write is recorded under its number.
            request.Once = ReadOnce(context.Request.Headers, known);
            BindingHeaders.Check(context.Request.Headers, known);
            request.Query = Query.Parse(request.Target.Query, known.InQuery);
            RequestBody.ThrowIfEncoded(context.Request);
        }

        return next(context);
    }

    private static IdempotencyKey? ReadOnce(IHeaderDictionary headers, RouteParameters known) =>
        known.InHeaders.Contains(Parameter.IdempotencyKey) && headers.TryGetValue(Parameter.IdempotencyKey.Name, out StringValues lines)
            ? IdempotencyKey.Parse(string.Join(',', lines.ToArray()))
            : null;

    // A read of the body may see the cut before RequestAborted is cancelled.
    private static bool IsDisconnect(Exception failure) =>
        failure is ConnectionResetException or ConnectionAbortedException
            or OperationCanceledException { InnerException: ConnectionAbortedException };

    private async Task AnswerAsync(HttpContext context, ProblemResult problem)
    {
        if (context.Response.HasStarted)
        {
            // Too late for a status. The connection is cut, so that a partial answer never looks complete.
            context.Abort();
            return;
        }

        // Existing headers stay: a 405 has its Allow header.
        served.CountError();
        await problem.ExecuteAsync(context);
    }
}
