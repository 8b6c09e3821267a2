namespace Rave.Server.Transport;

// HTTP/1.1 to one peer over connections that the caller opens. SocketsHttpHandler also does proxies, redirects, cookies, TLS and
// metrics. That costs a third of the start of a new process and several microseconds per request.
// This handler never sends a request twice: only the caller knows whether that is safe.
internal sealed class SocketHandler(ConnectionPool pool) : HttpMessageHandler
{
    // Throws HttpRequestException with ConnectionError if nothing was sent, with another error if something may have been sent.
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await pool.WaitForSlotAsync(cancellationToken).ConfigureAwait(false);
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
                // Closed during sending (content wraps this failure). A leader that rejects a request may have answered before closing.
                cut = cause;
            }

            try
            {
                response = await connection.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException cause)
            {
                throw new HttpRequestException(
                    HttpRequestError.ResponseEnded, "The connection was closed before the answer arrived.", cut ?? cause);
            }

            response.RequestMessage = request;
            return response;
        }
        finally
        {
            if (response is null)
            {
                // The connection holds an incomplete exchange and cannot be used again.
                connection?.Dispose();
                if (connection is null)
                {
                    pool.ReleaseSlot();
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
