using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// The snapshots that clients hold, by id. They live in memory and end with the opening, so an id never means another snapshot.
internal sealed class Snapshots : IDisposable
{
    // How long an expired snapshot may go on pinning what it shows; looking at a thousand takes microseconds.
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

    // Ends once it has not been used for the time to live.
    internal SnapshotLease Open(TimeSpan timeToLive)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (_leases.Count >= _limit)
            {
                throw new RaveException(ErrorCodes.TooMany, $"{_limit} snapshots are held, which is the limit; delete one, or wait until one expires.");
            }

            SnapshotLease lease = new(_database.CreateSnapshot(), timeToLive, _time);
            _leases.Add(lease.Id, lease);
            if (_leases.Count == 1)
            {
                ScheduleSweep();
            }

            return lease;
        }
    }

    // For one operation, which renews it. Null where no id is given.
    internal SnapshotUse? Use(string? id) => id is null ? null : UseHeld(id);

    // For an operation that has to see one moment throughout: the one asked for, or now.
    internal SnapshotUse UseOrTake(string? id)
    {
        if (Use(id) is { } held)
        {
            return held;
        }

        LevelSnapshot now = _database.CreateSnapshot();
        return new(now, now.Dispose);
    }

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

    // Ends them all. Uses that still run keep theirs, and the database open, until they are through.
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

    // Apart from Use, since an optimized build makes a method's closure where the method begins: for every read without a snapshot, too.
    private SnapshotUse UseHeld(string id)
    {
        lock (_gate)
        {
            SnapshotLease lease = Find(id);
            return new(lease.BeginUse(), () => EndUse(lease));
        }
    }

    private SnapshotLease Find(string id)
    {
        ThrowIfClosed();
        return _leases.TryGetValue(id, out SnapshotLease? lease) && !lease.HasExpired
            ? lease
            : throw new RaveException(ErrorCodes.SnapshotNotOpen, "The snapshot is not open: it has expired, was deleted, or was taken from another leader. Take a new one.");
    }

    private void EndUse(SnapshotLease lease)
    {
        lock (_gate)
        {
            lease.EndUse();
        }
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

    // Once: a program that holds no snapshot is not woken for any.
    private void ScheduleSweep() => _sweep.Change(SweepPeriod, Timeout.InfiniteTimeSpan);

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw StoreFailures.NotOpen();
        }
    }
}
