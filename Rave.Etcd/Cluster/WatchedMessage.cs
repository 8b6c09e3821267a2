using System.Net;

namespace Rave.Etcd.Cluster;

// A message that is read when it is sent, and not before: HTTP/2 asks for it when it has a connection with room for the request.
internal sealed class WatchedMessage : HttpContent
{
    private readonly HttpContent _message;
    private readonly Sending _sending;

    internal WatchedMessage(HttpContent message, Sending sending)
    {
        _message = message;
        _sending = sending;
        foreach ((string name, IEnumerable<string> values) in message.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _sending.TryBegin()
            ? _message.CopyToAsync(stream, context, cancellationToken)
            : throw new OperationCanceledException("The attempt was given up before its message was sent.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _message.Dispose();
        base.Dispose(disposing);
    }
}
