namespace Rave.Etcd.Snapshots;

// The snapshots of this store. A snapshot is a revision of the cluster, so it uses no resources, and other stores can read from it too.
// Each store tracks its own uses and ends. A store accepts an unknown id until the time to live since its opening is over.
internal sealed class SnapshotTable(int limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SnapshotId, SnapshotLease> _leases = [];

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _leases.Values.Count(lease => lease.IsOpen);
            }
        }
    }

    internal SnapshotId Open(ulong cluster, long revision, TimeSpan timeToLive)
    {
        lock (_gate)
        {
            foreach (SnapshotId over in _leases.Where(lease => lease.Value.IsOver).Select(lease => lease.Key).ToArray())
            {
                _leases.Remove(over);
            }

            if (_leases.Values.Count(lease => lease.IsOpen) >= limit)
            {
                throw new RaveException(
                    ErrorCodes.TooMany, $"{limit} snapshots are open, which is the limit. Delete one, or wait until one expires.");
            }

            SnapshotId id = SnapshotId.New(cluster, revision, time.GetUtcNow(), timeToLive);
            _leases.Add(id, new(id, time));
            return id;
        }
    }

    // Returns the revision for one read, and renews the time to live.
    internal long Use(string text, ulong cluster)
    {
        lock (_gate)
        {
            (SnapshotId id, SnapshotLease lease) = Find(text, cluster);
            lease.Use();
            return id.Revision;
        }
    }

    internal void End(string text, ulong cluster)
    {
        lock (_gate)
        {
            Find(text, cluster).Lease.IsEnded = true;
        }
    }

    private (SnapshotId Id, SnapshotLease Lease) Find(string text, ulong cluster)
    {
        SnapshotId? id = SnapshotId.Parse(text);
        if (id is null || id.Cluster != cluster)
        {
            throw NotOpen();
        }

        if (!_leases.TryGetValue(id, out SnapshotLease? lease) && time.GetUtcNow() < id.ExpiresAt)
        {
            _leases.Add(id, lease = new(id, time));
        }

        return lease is { IsOpen: true } ? (id, lease) : throw NotOpen();
    }

    private static RaveException NotOpen() =>
        new(
            ErrorCodes.SnapshotNotOpen,
            "The snapshot is not open: it has expired, was deleted, or was taken from another cluster. Take a new one.");
}
