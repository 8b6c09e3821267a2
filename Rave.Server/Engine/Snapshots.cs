using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// The snapshots that clients keep, by id. They live in memory and end when the database is closed.
internal sealed class Snapshots : IDisposable
{
    // An expired snapshot still keeps old data for so long. A look at a thousand takes microseconds.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly LevelDatabase _database;
    private readonly int _limit;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SnapshotLease> _leases = [];
    private readonly ITimer _sweep;
    private bool _closed;

    internal Snapshots(LevelDatabase database, int limit, TimeProvider time)
    {
        _database = database;
        _limit = limit;
        _time = time;
        _sweep = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _leases.Count;
            }
        }
    }

    internal SnapshotLease Open(TimeSpan timeToLive)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (_leases.Count >= _limit)
            {
                throw new RaveException(
                    ErrorCodes.TooMany, $"{_limit} snapshots are open, which is the limit. Delete one, or wait until one expires.");
            }

            SnapshotLease lease = new(_database.CreateSnapshot(), timeToLive, _time, _gate);
            _leases.Add(lease.Id, lease);
            if (_leases.Count == 1)
            {
                ScheduleSweep();
            }

            return lease;
        }
    }

    // For one operation, which renews the snapshot. Default if there is no id.
    internal SnapshotUse Use(string? id)
    {
        if (id is null)
        {
            return default;
        }

        lock (_gate)
        {
            return Find(id).BeginUse();
        }
    }

    // For an operation that needs a view of one moment: the snapshot with this id, or a new one.
    internal SnapshotUse UseOrTake(string? id) => id is null ? new(_database.CreateSnapshot()) : Use(id);

    internal void End(string id)
    {
        SnapshotLease lease;
        lock (_gate)
        {
            lease = Find(id);
            _leases.Remove(id);
        }

        lease.End();
    }

    // Operations that still run keep their snapshot, and the database open, until they end.
    public void Dispose()
    {
        SnapshotLease[] leases;
        lock (_gate)
        {
            _closed = true;
            leases = [.. _leases.Values];
            _leases.Clear();
        }

        _sweep.Dispose();
        Array.ForEach(leases, lease => lease.End());
    }

    private SnapshotLease Find(string id)
    {
        ThrowIfClosed();
        return _leases.TryGetValue(id, out SnapshotLease? lease) && !lease.HasExpired
            ? lease
            : throw new RaveException(
                ErrorCodes.SnapshotNotOpen,
                "The snapshot is not open: it has expired, was deleted, or was taken on another leader. Take a new one.");
    }

    private void Sweep()
    {
        SnapshotLease[] expired;
        lock (_gate)
        {
            expired = [.. _leases.Values.Where(lease => lease.HasExpired)];
            Array.ForEach(expired, lease => _leases.Remove(lease.Id));
            if (_leases.Count > 0)
            {
                ScheduleSweep();
            }
        }

        Array.ForEach(expired, lease => lease.End());
    }

    // One tick at a time: a program without snapshots is not woken.
    private void ScheduleSweep() => _sweep.Change(SweepPeriod, Timeout.InfiniteTimeSpan);

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw StoreFailures.NotOpen();
        }
    }
}
