using System.Net;

namespace Rave.Server.Transport;

// The body of an answer, read from its connection as it is asked for.
internal sealed class AnswerContent(Connection connection, AnswerFraming framing, bool mayHaveBody) : HttpContent
{
    private AnswerStream? _body;

    // Its head is known whole.
    internal void Begin() => _body = new(connection, framing, mayHaveBody);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_body!);

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => Task.FromResult<Stream>(_body!);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _body!.CopyToAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = framing.Length ?? 0;
        return framing.Length is not null;
    }

    protected override void Dispose(bool disposing)
    {
        _body?.Dispose();
        base.Dispose(disposing);
    }
}
