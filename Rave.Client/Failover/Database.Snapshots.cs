using Rave.Server.Storage;

namespace Rave.Client.Failover;

internal sealed partial class Database
{
    // The id of a snapshot, good for this leader only.
    internal ValueTask<string> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken) =>
        TryLocal(static (store, timeToLive) => store.Snapshots.Open(timeToLive).Id, timeToLive, cancellationToken, out string? id)
            ? new(id!)
            : OpenRemoteSnapshotAsync(timeToLive, cancellationToken);

    internal async ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken)
    {
        if (!TryLocal(static (store, id) => End(store, id), id, cancellationToken, out _))
        {
            await _remote.EndSnapshotAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }

    // Who gives up waiting has no id to end it by: it is ended once it has come, instead of with its time to live.
    private async ValueTask<string> OpenRemoteSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        Task<string> opening = _remote.OpenSnapshotAsync(timeToLive, CancellationToken.None);
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

    private async Task EndOnceOpenAsync(Task<string> opening)
    {
        try
        {
            await EndSnapshotAsync(await opening.ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
        }
        catch (RaveException)
        {
            // It was not opened, or has gone with its leader.
        }
    }

    private static bool End(Store store, string id)
    {
        store.Snapshots.End(id);
        return true;
    }
}
