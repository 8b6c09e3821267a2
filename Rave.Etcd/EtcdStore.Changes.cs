using Rave.Etcd.Changes;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd;

internal sealed partial class EtcdStore
{
    // For the first change after a place in the past: if it cannot be encoded, an answer can say so, and a stream that has begun cannot.
    private static readonly TimeSpan FirstChange = TimeSpan.FromSeconds(1);

    private int _subscribers;

    // The first part of a place in the feed. It is the same in all stores on this cluster.
    private long Epoch => (long)(_clusterId & long.MaxValue);

    // Each write is a batch with its own revision. A clear is reported as the deletes of its chunks. The place of the last change of a
    // batch is after the whole batch.
    public async ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        RangeResponse now = await _cluster.RangeAsync(new() { Key = _keys.Format, CountOnly = true }, cancellationToken)
            .ConfigureAwait(false);
        FeedPlace place = after ?? new(Epoch, new(now.Header.Revision, RevisionEvents.AllEvents));
        bool isOurs = place.Epoch == Epoch && place.Position.Sequence > 0 && place.Position.Sequence <= now.Header.Revision;
        if (Interlocked.Increment(ref _subscribers) > Limits.Subscribers)
        {
            Interlocked.Decrement(ref _subscribers);
            throw new RaveException(
                ErrorCodes.TooMany,
                $"{Limits.Subscribers} subscribers are connected, which is the limit. Close one, or try again later.");
        }

        Subscription subscription = new(
            _cluster, _keys, range, isOurs ? place : null, Epoch, _time, () => Interlocked.Decrement(ref _subscribers));
        if (isOurs && place.Position.Sequence < now.Header.Revision)
        {
            await WaitForFirstAsync(subscription, cancellationToken).ConfigureAwait(false);
        }

        return subscription;
    }

    // There may be none: the cluster has other databases.
    private async Task WaitForFirstAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(FirstChange, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await subscription.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It comes later.
        }
        catch
        {
            subscription.Dispose();
            throw;
        }
    }
}
