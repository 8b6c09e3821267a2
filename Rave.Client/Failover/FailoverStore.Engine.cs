using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// Rare operations: the engine, snapshots, subscriptions and the end of the session.
internal sealed partial class FailoverStore
{
    // Several times as long as a leader needs. A leader that hangs must not delay closing.
    private static readonly TimeSpan EndOfSession = TimeSpan.FromSeconds(1);

    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(store => ((IEngine)store).PropertyAsync(name, cancellationToken), cancellationToken);

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken) =>
        RunAsync(store => ((IEngine)store).ApproximateSizeAsync(range, cancellationToken), cancellationToken);

    public ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken) =>
        RunAsync(store => ((IEngine)store).CompactAsync(range, cancellationToken), cancellationToken);

    public async ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        Task<SnapshotAnswer> opening = RunAsync(
            store => store.OpenSnapshotAsync(timeToLive, CancellationToken.None), CancellationToken.None).AsTask();
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

    public ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken) =>
        RunAsync(store => store.EndSnapshotAsync(id, cancellationToken), cancellationToken);

    public async ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        IStore store = (await _campaign.ReignAsync(cancellationToken).ConfigureAwait(false)).Own?.Store ?? (IStore)_remote;
        return await store.SubscribeAsync(range, after, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask EndSessionAsync(string session, CancellationToken cancellationToken) =>
        (Own ?? _remote).EndSessionAsync(session, cancellationToken);

    // Called when it is closed. Then the leader can forget the session at once; otherwise its sweep removes the record later.
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
            // The sweep removes the record.
        }
    }

    // After a cancelled call, nobody has the id of the snapshot. It is ended when its id arrives, instead of after its time to live.
    private async Task EndOnceOpenAsync(Task<SnapshotAnswer> opening)
    {
        try
        {
            SnapshotAnswer snapshot = await opening.ConfigureAwait(false);
            await EndSnapshotAsync(snapshot.Id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (RaveException)
        {
            // It was not opened, or it ended with its leader.
        }
    }
}
