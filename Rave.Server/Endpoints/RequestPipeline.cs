using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Rave.Server.Protocol;
using Rave.Server.Requests;
using Rave.Server.Results;
using Rave.Server.Serving;

namespace Rave.Server.Endpoints;

// What happens around every handler: the target is checked before routing, its parameters after it, and failures become problems.
internal sealed class RequestPipeline(RouteTable routes, ServedDatabase served)
{
    private const string NoMethod = "-";

    // Runs outermost: what the client waited for is what is measured.
    internal async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        long began = served.Time.GetTimestamp();
        await next(context);
        if (context.Features.Get<Problem>() is { } problem)
        {
            served.Metrics.Requests.AddError(problem.Code);
        }

        // Neither a client that went nor a stream that lasts as long as its reader says how quick the service is.
        if (!context.RequestAborted.IsCancellationRequested && context.Response.ContentType != MediaTypes.Events)
        {
            string? route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            served.Metrics.Requests.Add(route, context.Request.Method, context.Response.StatusCode, served.Time.GetElapsedTime(began));
        }
    }

    // Runs before all others. Whatever fails further in is answered here.
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
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested || IsCut(failure))
        {
            // The client has gone, or was cut by a leader that ends, which is what failed: there is nobody to answer.
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
            // Kestrel's way to refuse such a chunk (Http1ChunkedEncodingMessageBody.cs, CalculateChunkSize), unlike any other that is malformed.
            problem = Problems.Of(StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest, "A chunk of the body says that it is longer than any can be.");
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

    // Runs before whatever looks at the method, which HTTP spells exactly: ASP.NET takes `HEAd` for HEAD, and Kestrel does not.
    internal static Task CheckMethodAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            // Refused by routing like any that a path does not take.
            context.Request.Method = NoMethod;
        }

        return next(context);
    }

    // Runs before routing, on the raw target; leaves routing a path that can only match the one meant.
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

    // Runs once the route is known, and with it the parameters that it takes, in the query and in headers.
    internal static Task CheckQueryAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteParameters>() is { } known)
        {
            RaveRequest request = context.Features.GetRequiredFeature<RaveRequest>();
            // First, for whatever else is wrong with the write then stands under its number.
            request.Once = ReadOnce(context.Request.Headers, known);
            BindingHeaders.Check(context.Request.Headers, known);
            request.Query = Query.Parse(request.Target.Query, known.InQuery);
            RequestBody.RefuseEncoded(context.Request);
        }

        return next(context);
    }

    private static IdempotencyKey? ReadOnce(IHeaderDictionary headers, RouteParameters known) =>
        known.InHeaders.Contains(Parameter.IdempotencyKey) && headers.TryGetValue(Parameter.IdempotencyKey.Name, out StringValues lines)
            ? IdempotencyKey.Parse(string.Join(',', lines.ToArray()))
            : null;

    // A read of the body may learn of it before the request does.
    private static bool IsCut(Exception failure) =>
        failure is ConnectionResetException or ConnectionAbortedException or OperationCanceledException { InnerException: ConnectionAbortedException };

    private async Task AnswerAsync(HttpContext context, ProblemResult problem)
    {
        if (context.Response.HasStarted)
        {
            // Too late for a status: cut the connection, so that a part of an answer never looks like the whole.
            context.Abort();
            return;
        }

        // Keeps the Allow header of a 405; a handler that failed half way has set nothing else.
        served.CountError();
        await problem.ExecuteAsync(context);
    }
}
