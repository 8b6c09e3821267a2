namespace Rave.Server.Results;

// The client already has the value: the answer has its ETag and no body.
internal sealed class NotModifiedResult(string etag) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        httpContext.Response.Headers.ETag = etag;
        return Task.CompletedTask;
    }
}
