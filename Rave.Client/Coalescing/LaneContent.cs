using System.Net;
using System.Net.Http.Headers;
using Rave.Client.Failover;
using Rave.Server.Contracts;

namespace Rave.Client.Coalescing;

// The body of a lane's request, where it was gathered, and the answer in a pooled buffer. Without a deadline: its lane has the clock.
internal sealed class LaneContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Operations = MediaTypeHeaderValue.Parse(MediaTypes.Operations);

    private readonly ReadOnlyMemory<byte> _body;

    internal LaneContent(ReadOnlyMemory<byte> body, Attempts attempts)
    {
        _body = body;
        Attempts = attempts;
        Headers.ContentType = Operations;
    }

    internal Attempts Attempts { get; }

    // Nobody was asked over the socket, for this process itself has come to lead.
    internal bool IsHome { get; set; }

    internal PooledBuffer Answer { get; } = new(0);

    // A leader that is cut off in the middle of its answer is lost like any other.
    internal async ValueTask ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Answer.Clear();
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return;
        }

        // All of it at once: a lane has asked for no more than it bears.
        _ = Answer.GetMemory((int)Math.Min(response.Content.Headers.ContentLength ?? 0, Array.MaxLength));
        await PooledContent.ReadToEndAsync(response.Content, Answer, cancellationToken).ConfigureAwait(false);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_body, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
