using Rave.Client.Telemetry;

namespace Rave.Client;

/// <summary>
/// The database as it was at one moment, for any read of the handle that took it and of its sublevels. The leader holds it: when that leader goes, or when
/// the snapshot is not used for its time to live, reads from it fail with <c>LEVEL_SNAPSHOT_NOT_OPEN</c>, and never see another moment instead.
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

    /// <summary>Lets go of it. Can be called again.</summary>
    /// <returns>When the leader has let go of it.</returns>
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
        catch (RaveException failure) when (failure.Code is ErrorCodes.SnapshotNotOpen or ErrorCodes.DatabaseNotOpen or ErrorCodes.ConnectionLost)
        {
            // It has expired, its leader has gone or does not answer, or the handle was closed: it ends with its time to live at the latest.
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
            throw new ArgumentException("The snapshot was taken by another handle.");
        }

        // On a closed handle the operation itself says so.
        return _disposed == 0 || database.IsClosed ? _id : throw new RaveException(ErrorCodes.SnapshotNotOpen, "The snapshot was disposed.");
    }
}
