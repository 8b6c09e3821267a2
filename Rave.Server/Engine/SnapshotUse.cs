using Rave.Server.LevelDb;

namespace Rave.Server.Engine;

// A snapshot for as long as one operation reads from it.
internal sealed class SnapshotUse(LevelSnapshot snapshot, Action end) : IDisposable
{
    internal LevelSnapshot Snapshot => snapshot;

    public void Dispose() => end();
}
