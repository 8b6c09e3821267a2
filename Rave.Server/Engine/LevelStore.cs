using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// The store over LevelDB, of the process that has its lock: for the leader's own operations and for those that come over the socket.
internal sealed partial class LevelStore : IStore, IEngine, IAsyncDisposable
{
    private readonly LevelDatabase _database;
    private readonly WriteQueue _writes;
    private readonly Compaction _compaction;

    private LevelStore(LevelDatabase database, LevelDbOptions options, Limits limits, bool readOnly, TimeProvider time)
    {
        _database = database;
        _sessions = Sessions.Load(database, limits.Sessions, time);
        Changes = new(limits.Subscribers);
        IsReadOnly = readOnly;
        _writes = new(database, Changes, _sessions, limits, readOnly ? ReadOnly() : null);
        _compaction = new(database, limits.KeyBytes, _writes.RunAsync);
        Options = OptionsReport.Of(options);
        Limits = limits;
        Snapshots = new(database, limits.Snapshots, time);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepPeriod, SweepPeriod);
    }

    // With which it was opened.
    internal StorageOptions Options { get; }

    internal Limits Limits { get; }

    internal Snapshots Snapshots { get; }

    internal ChangeFeed Changes { get; }

    internal OperationCounts Counts { get; } = new();

    // Writes that wait for the one that runs.
    internal int WaitingWrites => _writes.Waiting;

    // Whether it was opened to be read only.
    internal bool IsReadOnly { get; }

    // Whether a write has failed, and all are refused until the database is opened again.
    internal bool WritesFailed => _writes.Refusal is { Code: not ErrorCodes.ReadOnly };

    // Whether a write has gone well since it was opened.
    internal bool HasWritten => _database.HasWritten;

    // Of the engine underneath.
    internal string LibraryVersion { get; } = LevelDatabase.LibraryVersion();

    public ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        SnapshotLease lease = Snapshots.Open(timeToLive);
        return new(new SnapshotAnswer(lease.Id, lease.ExpiresAt));
    }

    public ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken)
    {
        Snapshots.End(id);
        return default;
    }

    // Opens the database in the directory. Only for who holds the directory's lock.
    internal static LevelStore Open(string directory, LevelDbOptions options, bool create, Limits limits, TimeProvider time, bool readOnly = false)
    {
        try
        {
            LevelDatabase database = LevelDatabase.Open(directory, options, create);
            try
            {
                return new(database, options, limits, readOnly, time);
            }
            catch
            {
                database.Dispose();
                throw;
            }
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // Refuses new operations, fails the writes still queued, ends the snapshots, and returns when the last call has ended and LevelDB is closed.
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync().ConfigureAwait(false);
        _writes.Dispose();
        Snapshots.Dispose();
        Changes.Dispose();
        _database.Dispose();
        // Not bounded, and must not be: letting go of the lock while LevelDB still runs would let a second process in.
        await _database.Closed.ConfigureAwait(false);
    }

    private static RaveException ReadOnly() => new(ErrorCodes.ReadOnly, "The database is served read-only: its leader was started with --read-only and refuses writes.");
}
