using System.Text.Json;
using Rave.Server.Protocol;

namespace Rave.Server.Results;

internal sealed class ProblemResult(Problem problem) : IResult
{
    // The request is wrong, and would fail again.
    internal bool IsRefusal => problem.Status is >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        // RequestPipeline counts problems by code.
        httpContext.Features.Set(problem);
        HttpResponse response = httpContext.Response;
        response.StatusCode = problem.Status;
        response.ContentType = MediaTypes.Problem;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        byte[] body = JsonSerializer.SerializeToUtf8Bytes(problem, RaveJson.Legible.Problem);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
