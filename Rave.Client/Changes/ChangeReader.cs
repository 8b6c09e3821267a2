using Rave.Client.Failover;
using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Platform;
using Rave.Server.Storage;

namespace Rave.Client.Changes;

// The feed of whoever leads, one leader after another. One call at a time.
internal sealed class ChangeReader(
    Database database, DatabaseLocation location, Campaign campaign, TimeProvider time, RangeBounds bounds, CancellationToken closing) : IDisposable
{
    // Between attempts to subscribe to a leader that is starting or stopping.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly Backoff _backoff = new(time, FirstWait, LongestWait);
    private IChangeSource? _source;
    private FeedPlace? _place;

    // The next change, however long it takes and whoever leads then.
    internal async ValueTask<RawChange> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        try
        {
            while (true)
            {
                if (_source is null)
                {
                    await SubscribeAsync(either.Token).ConfigureAwait(false);
                }
                else if (_place is null)
                {
                    // From here on nothing is missed; what came before was never told.
                    _place = _source!.Place;
                    return RawChange.Gap;
                }
                else if (await _source!.ReadAsync(either.Token).ConfigureAwait(false) is { } change)
                {
                    _place = _source.Place;
                    _backoff.Reset();
                    return change;
                }
                else
                {
                    _place = _source.Place;
                    Dispose();
                }
            }
        }
        catch (RaveException) when (closing.IsCancellationRequested)
        {
            throw RemoteStore.Closed();
        }
        catch (OperationCanceledException cause) when (cancellationToken.IsCancellationRequested)
        {
            // With the token that the caller knows.
            throw new OperationCanceledException(cause.Message, cause, cancellationToken);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            throw RemoteStore.Closed();
        }
    }

    public void Dispose()
    {
        _source?.Dispose();
        _source = null;
    }

    // An operation of its own, which a feed may need again and again: between two of them it is silent, or its reader works.
    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start("subscribe", database);
        try
        {
            while (!await TrySubscribeAsync(cancellationToken).ConfigureAwait(false))
            {
                await _backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private async Task<bool> TrySubscribeAsync(CancellationToken cancellationToken)
    {
        Reign reign = await campaign.ReignAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _source = reign.Own is { } own
                ? await LocalChanges.OpenAsync(own.Store, reign.Info.Epoch, bounds.ToRange(), _place).ConfigureAwait(false)
                : await RemoteChanges.TryOpenAsync(location, reign, bounds, _place, time, cancellationToken).ConfigureAwait(false);
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen && !cancellationToken.IsCancellationRequested)
        {
            // It is just stopping.
        }

        return _source is not null;
    }
}
