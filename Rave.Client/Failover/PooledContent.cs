using System.Net;
using System.Net.Http.Headers;
using Rave.Server.Protocol;

namespace Rave.Client.Failover;

// The body of an answer, in a pooled buffer, and its type. Disposing returns the buffer, unless it was taken.
internal sealed class PooledContent : HttpContent
{
    // The default size of a page.
    private const int MostBytes = 4 << 20;
    private const int LeastBytes = 1 << 10;

    private PooledBuffer? _body;

    private PooledContent(HttpContent answer, PooledBuffer body)
    {
        _body = body;
        if (answer.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues type))
        {
            Headers.TryAddWithoutValidation("Content-Type", type);
        }
    }

    internal PooledBuffer Body => _body ?? throw new ObjectDisposedException(nameof(PooledContent));

    // Reads the content of an answer to its end.
    internal static async ValueTask<PooledContent> ReadAsync(HttpContent answer, CancellationToken cancellationToken)
    {
        // One byte more than announced, so that the end is seen without growing. Limited, since the announced bytes may never come.
        PooledBuffer body = new((int)Math.Clamp(answer.Headers.ContentLength + 1 ?? 0, LeastBytes, MostBytes));
        try
        {
            // To the end, and not to the announced length: only then is the connection free for the next request.
            Stream stream = await answer.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int read;
            while ((read = await stream.ReadAsync(body.GetMemory(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                body.Advance(read);
            }

            return new(answer, body);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    // The caller owns the body.
    internal PooledBuffer Take() => Interlocked.Exchange(ref _body, null) ?? throw new ObjectDisposedException(nameof(PooledContent));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(Body.Written, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = Body.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _body, null)?.Dispose();
        base.Dispose(disposing);
    }
}
