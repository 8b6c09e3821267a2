namespace Rave.Etcd.Snapshots;

// What one store knows of a snapshot that it has opened or read from. Guarded by its owner's lock.
internal sealed class SnapshotLease(SnapshotId id, TimeProvider time)
{
    private long _lastUse = time.GetTimestamp();

    // It must not come back while its id would still be good elsewhere.
    internal bool IsEnded { get; set; }

    internal bool HasExpired => time.GetElapsedTime(_lastUse) >= id.TimeToLive;

    internal bool IsOpen => !IsEnded && !HasExpired;

    // Its id has expired at every store, so it can be forgotten.
    internal bool IsOver => HasExpired && time.GetUtcNow() >= id.ExpiresAt;

    internal void Use() => _lastUse = time.GetTimestamp();
}
