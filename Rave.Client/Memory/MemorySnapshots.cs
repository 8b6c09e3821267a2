using System.Collections.Immutable;
using Rave.Server.Protocol;

namespace Rave.Client.Memory;

// The open snapshots, by id. Each is the state at the time when it was taken.
internal sealed class MemorySnapshots(int limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lease> _leases = [];

    internal SnapshotAnswer Open(ImmutableSortedSet<MemoryEntry> entries, TimeSpan timeToLive)
    {
        lock (_gate)
        {
            foreach (string id in _leases.Where(lease => HasExpired(lease.Value)).Select(lease => lease.Key).ToArray())
            {
                _leases.Remove(id);
            }

            if (_leases.Count >= limit)
            {
                throw new RaveException(
                    ErrorCodes.TooMany, $"{limit} snapshots are open, which is the limit. Delete one, or wait until one expires.");
            }

            SnapshotAnswer opened = new(Guid.NewGuid().ToString("N"), time.GetUtcNow() + timeToLive);
            _leases.Add(opened.Id, new(entries, timeToLive, time.GetTimestamp()));
            return opened;
        }
    }

    // Renews it.
    internal ImmutableSortedSet<MemoryEntry> Use(string id)
    {
        lock (_gate)
        {
            Lease lease = Find(id);
            _leases[id] = lease with { LastUse = time.GetTimestamp() };
            return lease.Entries;
        }
    }

    internal void End(string id)
    {
        lock (_gate)
        {
            Find(id);
            _leases.Remove(id);
        }
    }

    private Lease Find(string id) => _leases.TryGetValue(id, out Lease? lease) && !HasExpired(lease)
        ? lease
        : throw new RaveException(ErrorCodes.SnapshotNotOpen, "The snapshot is not open: it has expired or was deleted. Take a new one.");

    private bool HasExpired(Lease lease) => time.GetElapsedTime(lease.LastUse) >= lease.TimeToLive;

    private sealed record Lease(ImmutableSortedSet<MemoryEntry> Entries, TimeSpan TimeToLive, long LastUse);
}
