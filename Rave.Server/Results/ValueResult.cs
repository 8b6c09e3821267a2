using Rave.Server.Protocol;

namespace Rave.Server.Results;

// A value in a pooled buffer, which is returned to the pool after sending. For HEAD, only the headers are sent.
internal sealed class ValueResult(PooledBuffer value, string etag) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (value)
        {
            httpContext.Response.ContentType = MediaTypes.Bytes;
            httpContext.Response.Headers.ETag = etag;
            httpContext.Response.ContentLength = value.Length;
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await AnswerBody.SendHeldAsync(httpContext, value.Written);
            }
        }
    }
}
