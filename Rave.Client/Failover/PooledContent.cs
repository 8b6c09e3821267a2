using System.Net;
using System.Net.Http.Headers;
using Rave.Server.Protocol;

namespace Rave.Client.Failover;

// An answer's body and its type. It was read whole into a pooled buffer, which goes back with the answer unless somebody takes it over.
internal sealed class PooledContent : HttpContent
{
    // As much as a page has by default.
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

    // In place of an answer's own content, whose stream has been read to its end.
    internal static async ValueTask<PooledContent> ReadAsync(HttpContent answer, CancellationToken cancellationToken)
    {
        // One more than was announced, to see the end without growing; within reason, for what was announced may never come.
        PooledBuffer body = new((int)Math.Clamp(answer.Headers.ContentLength + 1 ?? 0, LeastBytes, MostBytes));
        try
        {
            await ReadToEndAsync(answer, body, cancellationToken).ConfigureAwait(false);
            return new(answer, body);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    // Up to the end and not to the length: the connection is free for the next request when the end has been seen.
    internal static async ValueTask ReadToEndAsync(HttpContent answer, PooledBuffer body, CancellationToken cancellationToken)
    {
        Stream stream = await answer.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        int read;
        while ((read = await stream.ReadAsync(body.GetMemory(), cancellationToken).ConfigureAwait(false)) > 0)
        {
            body.Advance(read);
        }
    }

    // The body is its caller's from now on.
    internal PooledBuffer Take() => Interlocked.Exchange(ref _body, null) ?? throw new ObjectDisposedException(nameof(PooledContent));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

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
