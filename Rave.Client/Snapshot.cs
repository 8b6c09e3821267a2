using Rave.Client.Telemetry;

namespace Rave.Client;

/// <summary>
/// The database as it was at one moment, for reads of the handle that took it and of its sublevels. The leader holds it. When the leader
/// goes, or when the snapshot is not used for its time to live, reads from it fail with <c>LEVEL_SNAPSHOT_NOT_OPEN</c>. They never read
/// another moment instead.
/// </summary>
public sealed class Snapshot : IAsyncDisposable
{
    private readonly Database _database;
    private readonly string _id;
    private int _disposed;

    internal Snapshot(Database database, string id)
    {
        _database = database;
        _id = id;
    }

    /// <summary>Releases the snapshot. It can be called more than once.</summary>
    /// <returns>A task that completes when the leader has released it.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        using Observation? observed = Observation.Start("end-snapshot", _database);
        try
        {
            await _database.Store.EndSnapshotAsync(_id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (RaveException failure)
            when (failure.Code is ErrorCodes.SnapshotNotOpen or ErrorCodes.DatabaseNotOpen or ErrorCodes.ConnectionLost)
        {
            // It has expired, its leader has gone or does not answer, or the handle is closed. Its time to live ends it at the latest.
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    internal string IdFor(Database database)
    {
        if (!ReferenceEquals(database, _database))
        {
            throw new ArgumentException("The snapshot belongs to another handle.");
        }

        // If the handle is closed, the operation itself reports it.
        return _disposed == 0 || database.IsClosed
            ? _id
            : throw new RaveException(ErrorCodes.SnapshotNotOpen, "The snapshot is disposed.");
    }
}
