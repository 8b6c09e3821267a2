using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// What is asked seldom: the engine, the leader, snapshots, the end of the session.
internal sealed partial class FailoverStore
{
    // What a leader needs for it, several times over; one that hangs must not hold up closing.
    private static readonly TimeSpan EndOfSession = TimeSpan.FromSeconds(1);

    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(store => ((IEngine)store).PropertyAsync(name, cancellationToken), cancellationToken);

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken) =>
        RunAsync(store => ((IEngine)store).ApproximateSizeAsync(range, cancellationToken), cancellationToken);

    public async ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken) => await RunAsync(
        async store =>
        {
            await ((IEngine)store).CompactAsync(range, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        Task<SnapshotAnswer> opening = RunAsync(store => store.OpenSnapshotAsync(timeToLive, CancellationToken.None), CancellationToken.None).AsTask();
        try
        {
            return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = EndOnceOpenAsync(opening);
            throw;
        }
    }

    public async ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken) => await RunAsync(
        async store =>
        {
            await store.EndSnapshotAsync(id, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        IStore store = (await _campaign.ReignAsync(cancellationToken).ConfigureAwait(false)).Own?.Store ?? (IStore)_remote;
        return await store.SubscribeAsync(range, after, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask EndSessionAsync(string session, CancellationToken cancellationToken) =>
        _campaign.Current?.Own is { } own ? own.Store.EndSessionAsync(session, cancellationToken) : _remote.EndSessionAsync(session, cancellationToken);

    internal ValueTask<Status> StatusAsync(CancellationToken cancellationToken) => _remote.StatusAsync(cancellationToken);

    internal ValueTask StepDownAsync(CancellationToken cancellationToken) => _remote.StepDownAsync(cancellationToken);

    // Once it is closed. The leader need not keep what became of this handle's writes; where it does not hear of it, its sweep removes the record.
    internal async ValueTask EndSessionAsync()
    {
        if (_writes.SessionToEnd is not { } session || _campaign.Current is null)
        {
            return;
        }

        using CancellationTokenSource deadline = new(EndOfSession, _options.TimeProvider);
        try
        {
            await EndSessionAsync(session, deadline.Token).AsTask().WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is RaveException or LeadsHereException or OperationCanceledException or ObjectDisposedException)
        {
            // As said above.
        }
    }

    // Who gives up waiting has no id to end it by: it is ended once it has come, instead of with its time to live.
    private async Task EndOnceOpenAsync(Task<SnapshotAnswer> opening)
    {
        try
        {
            SnapshotAnswer snapshot = await opening.ConfigureAwait(false);
            await EndSnapshotAsync(snapshot.Id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (RaveException)
        {
            // It was not opened, or has gone with its leader.
        }
    }
}
