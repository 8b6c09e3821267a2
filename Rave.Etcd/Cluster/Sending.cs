namespace Rave.Etcd.Cluster;

// Whether the message of one attempt was sent. A failure does not tell: a deadline may end while gRPC still connects, or later.
internal sealed class Sending
{
    private const int Waits = 0;
    private const int Begun = 1;
    private const int GivenUp = 2;

    // gRPC makes the request, and takes nothing along to it: the call and its request meet here.
    private static readonly AsyncLocal<Sending?> Attempt = new();

    private int _state = Waits;

    // The call that the same method makes next is this attempt's.
    internal void Begin() => Attempt.Value = this;

    internal static void Watch(HttpRequestMessage request)
    {
        if (Attempt.Value is { } sending && request.Content is { } message)
        {
            request.Content = new WatchedMessage(message, sending);
        }
    }

    // True if it may be sent. It may be sent more than once: HttpClient repeats what a member that closes its connection has not looked at.
    internal bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waits) != GivenUp;

    // True if it was not sent, and will never be.
    internal bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Waits) != Begun;
}
