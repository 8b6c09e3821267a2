namespace Rave.Server.Results;

// Of an answer that comes bit by bit.
internal static class StreamHeaders
{
    // Nginx and what works like it gather what a server sends until kilobytes are full, and others keep it for the next who asks: neither is any use here.
    internal static void BeginStream(this HttpResponse response, string mediaType)
    {
        response.ContentType = mediaType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
