using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    public async ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        if (!Changes.IsOn)
        {
            // Takes its turn among the writes: those before it are applied and can be read, those after it are in the feed.
            using StoreBatch opening = new(Limits) { OpensFeed = true };
            await _writes.WriteAsync(opening, sync: false).ConfigureAwait(false);
        }

        return Changes.Subscribe(range, after, Epoch);
    }
}
