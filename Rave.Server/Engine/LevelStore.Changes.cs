using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    // Every write that is answered from here on, in its order; or on from an earlier place of this feed.
    internal async ValueTask<ChangeSubscription> SubscribeAsync(KeyRange range, ChangePosition? after)
    {
        if (!Changes.IsOn)
        {
            // Takes its turn among the writes: those before it are applied, and may be read; those behind it are told.
            using WriteBatch opening = new(Limits) { OpensFeed = true };
            await _writes.WriteAsync(opening, sync: false).ConfigureAwait(false);
        }

        return Changes.Subscribe(range, after);
    }
}
