using Rave.Etcd.Changes;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd;

internal sealed partial class EtcdStore
{
    private int _subscribers;

    // Places in the feed begin with it: they mean the same to every store over this cluster.
    private long Epoch => (long)(_clusterId & long.MaxValue);

    // Every write is a batch of its revision, a clear comes as the dels of its chunks. The place of a batch's last change is behind all of
    // the batch.
    public async ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        RangeResponse now = await _cluster.RangeAsync(new() { Key = _keys.Format, CountOnly = true }, cancellationToken)
            .ConfigureAwait(false);
        FeedPlace place = after ?? new(Epoch, new(now.Header.Revision, RevisionEvents.Whole));
        bool isOurs = place.Epoch == Epoch && place.Position.Sequence > 0 && place.Position.Sequence <= now.Header.Revision;
        if (Interlocked.Increment(ref _subscribers) > Limits.Subscribers)
        {
            Interlocked.Decrement(ref _subscribers);
            throw new RaveException(ErrorCodes.TooMany, $"{Limits.Subscribers} subscribers are connected, which is the limit.");
        }

        return new Subscription(_cluster, _keys, range, isOurs ? place : null, Epoch, _time, () => Interlocked.Decrement(ref _subscribers));
    }
}
