using Rave.Server.LevelDb;

namespace Rave.Server.Engine;

// A snapshot while one operation reads from it. Without a lease, it was taken for this operation alone. Default is no snapshot.
internal readonly struct SnapshotUse(LevelSnapshot snapshot, SnapshotLease? lease = null) : IDisposable
{
    internal LevelSnapshot? Snapshot => snapshot;

    public void Dispose()
    {
        if (lease is null)
        {
            snapshot?.Dispose();
        }
        else
        {
            lease.EndUse();
        }
    }
}
