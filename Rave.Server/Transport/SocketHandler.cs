namespace Rave.Server.Transport;

// HTTP/1.1 to one peer, over connections that somebody else knows how to make. What HttpClient's own handler does besides costs a cold process
// a third of its start and a busy one several microseconds a request: proxies, redirects, cookies, TLS, versions, metrics. It sends nothing twice,
// whatever the method: who knows what a second attempt means is further out.
internal sealed class SocketHandler(ConnectionPool pool) : HttpMessageHandler
{
    // Throws HttpRequestException: with ConnectionError where nothing was sent, with another error where it may have been.
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await pool.RoomAsync(cancellationToken).ConfigureAwait(false);
        Connection? connection = null;
        HttpResponseMessage? response = null;
        try
        {
            connection = pool.TakeIdle() ?? await pool.ConnectAsync(cancellationToken).ConfigureAwait(false);
            Exception? cut = null;
            try
            {
                await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception cause) when (cause is IOException or HttpRequestException)
            {
                // Closed while it was being sent (a content wraps that): what a leader refuses it may have answered before it closed.
                cut = cause;
            }

            try
            {
                response = await connection.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException cause)
            {
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection was cut before the answer came.", cut ?? cause);
            }

            response.RequestMessage = request;
            return response;
        }
        finally
        {
            if (response is null)
            {
                // Half of something is on it, or nothing could be.
                connection?.Dispose();
                if (connection is null)
                {
                    pool.GiveRoom();
                }
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            pool.Dispose();
        }

        base.Dispose(disposing);
    }
}
