using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Platform;
using Rave.Server.Storage;

namespace Rave.Client.Changes;

// The changes of a range, across leaders. One call at a time.
internal sealed class ChangeReader(Database database, KeyRange range) : IDisposable
{
    // Between attempts to subscribe to a leader that starts or stops.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly Backoff _backoff = new(database.Time, FirstWait, LongestWait);
    private IChangeSubscription? _subscription;
    private FeedPlace? _place;

    // Waits for the next change, without a timeout.
    internal async ValueTask<RawChange> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CancellationToken closing = database.Closing;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        try
        {
            while (true)
            {
                try
                {
                    _subscription ??= await SubscribeAsync(either.Token).ConfigureAwait(false);
                    if (TryRead(_subscription) is { } change)
                    {
                        return change;
                    }

                    await _subscription.WaitAsync(either.Token).ConfigureAwait(false);
                }
                catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen && !either.IsCancellationRequested)
                {
                    // The leader has ended. Continue after the last change, or where this feed began.
                    _place = _subscription?.Place ?? _place;
                    Dispose();
                    await _backoff.WaitAsync(either.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception cause) when (closing.IsCancellationRequested && cause is RaveException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw RemoteStore.Closed();
        }
        catch (OperationCanceledException cause) when (cancellationToken.IsCancellationRequested)
        {
            // With the token of the caller.
            throw new OperationCanceledException(cause.Message, cause, cancellationToken);
        }
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _subscription = null;
    }

    private RawChange? TryRead(IChangeSubscription subscription)
    {
        if (_place is null)
        {
            // The first change is a gap: earlier changes are unknown, and no later one is missed.
            _place = subscription.Place ?? FeedPlace.Lost;
            return RawChange.Gap;
        }

        if (!subscription.TryRead(out Change change))
        {
            return null;
        }

        _place = change.Place;
        _backoff.Reset();
        return RawChange.Of(change);
    }

    // Each subscription has its own span: a feed may subscribe many times.
    private async ValueTask<IChangeSubscription> SubscribeAsync(CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start("subscribe", database);
        try
        {
            return await database.Store.SubscribeAsync(range, _place, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }
}
