using Rave.Server.Protocol;

namespace Rave.Server.Results;

// A body in a pooled buffer, which is returned to the pool after sending.
internal sealed class BufferResult(PooledBuffer buffer, string mediaType, string? link = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (buffer)
        {
            httpContext.Response.ContentType = mediaType;
            httpContext.Response.ContentLength = buffer.Length;
            if (link is not null)
            {
                httpContext.Response.Headers.Link = link;
            }

            await AnswerBody.SendHeldAsync(httpContext, buffer.Written);
        }
    }
}
