using Rave.Server.Engine;
using Rave.Server.Storage;

namespace Rave.Client.Changes;

// The feed of this process while it leads.
internal sealed class LocalChanges : IChangeSource
{
    private readonly ChangeSubscription _subscription;

    private LocalChanges(ChangeSubscription subscription, FeedPlace place)
    {
        _subscription = subscription;
        Place = place;
    }

    public FeedPlace Place { get; private set; }

    internal static async Task<LocalChanges> OpenAsync(LevelStore store, long epoch, KeyRange range, FeedPlace? after)
    {
        ChangeSubscription subscription = await store.SubscribeAsync(range, after?.In(epoch)).ConfigureAwait(false);
        return new(subscription, new(epoch, subscription.Position ?? ChangePosition.Lost));
    }

    public async ValueTask<RawChange?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (TryRead() is { } change)
                {
                    return change;
                }

                await _subscription.WaitAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            return null;
        }
    }

    public void Dispose() => _subscription.Dispose();

    private RawChange? TryRead()
    {
        if (!_subscription.TryRead(out Change change))
        {
            return null;
        }

        Place = Place with { Position = change.Position };
        byte[] key = change.Key.ToArray();
        byte[] value = change.Value.ToArray();
        return change.Type switch
        {
            ChangeType.Put => new(ChangeKind.Put, key, value, IsLast: change.IsLast),
            ChangeType.Delete => new(ChangeKind.Delete, key, [], IsLast: change.IsLast),
            ChangeType.Clear => RawChange.Clear(key, value, change.IsLast),
            _ => RawChange.Gap,
        };
    }
}
