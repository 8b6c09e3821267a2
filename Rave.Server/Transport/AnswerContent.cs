using System.Net;

namespace Rave.Server.Transport;

// The body of an answer, read from its connection on demand.
internal sealed class AnswerContent(Connection connection, AnswerFraming framing, bool mayHaveBody) : HttpContent
{
    private AnswerStream? _body;

    // The complete head has been read.
    internal void Begin() => _body = new(connection, framing, mayHaveBody);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_body!);

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => Task.FromResult<Stream>(_body!);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

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
