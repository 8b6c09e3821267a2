using Rave.Server.Storage;

namespace Rave.Client.Changes;

// The feed of one leader, from its store or over the socket.
internal interface IChangeSource : IDisposable
{
    // Behind what was read.
    FeedPlace Place { get; }

    // The next change; null when the leader has gone.
    ValueTask<RawChange?> ReadAsync(CancellationToken cancellationToken);
}
