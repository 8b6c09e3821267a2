using Rave.Server.Contracts;

namespace Rave.Server.Endpoints;

// A value as it is; for HEAD its headers alone.
internal sealed class ValueResult(byte[] value, string etag) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = MediaTypes.Bytes;
        httpContext.Response.Headers.ETag = etag;
        httpContext.Response.ContentLength = value.Length;
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : AnswerBody.SendHeldAsync(httpContext, value);
    }
}
