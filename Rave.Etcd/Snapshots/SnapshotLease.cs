namespace Rave.Etcd.Snapshots;

// The state of a snapshot in one store that has opened it or read from it. The lock of the table protects it.
internal sealed class SnapshotLease(SnapshotId id, TimeProvider time)
{
    private long _lastUse = time.GetTimestamp();

    // An ended snapshot must stay ended while other stores still accept its id.
    internal bool IsEnded { get; set; }

    internal bool HasExpired => time.GetElapsedTime(_lastUse) >= id.TimeToLive;

    internal bool IsOpen => !IsEnded && !HasExpired;

    // The id has expired in all stores, so the lease can be removed.
    internal bool IsOver => HasExpired && time.GetUtcNow() >= id.ExpiresAt;

    internal void Use() => _lastUse = time.GetTimestamp();
}
