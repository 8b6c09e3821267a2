namespace Rave.Server.Results;

// The headers of an answer that is sent piece by piece.
internal static class StreamHeaders
{
    // Proxies such as nginx buffer an answer before they pass it on, and caches store it. A stream must be neither buffered nor stored.
    internal static void BeginStream(this HttpResponse response, string mediaType)
    {
        response.ContentType = mediaType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
