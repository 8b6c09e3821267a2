using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    public async ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        if (!Changes.IsOn)
        {
            // An empty write turns the feed on: earlier writes can be read then, and later writes are in the feed.
            using StoreBatch opening = new(Limits) { OpensFeed = true };
            await _writes.WriteAsync(opening, sync: false).ConfigureAwait(false);
        }

        return Changes.Subscribe(range, after, Epoch);
    }
}
