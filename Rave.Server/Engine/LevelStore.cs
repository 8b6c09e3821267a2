using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// The store on LevelDB, in the process that holds the lock. It serves the leader's own operations and those that come over the socket.
internal sealed partial class LevelStore : IServedStore, IAsyncDisposable
{
    private readonly LevelDatabase _database;
    private readonly WriteQueue _writes;
    private readonly Compaction _compaction;
    private readonly OperationCounts _counts = new();

    private LevelStore(LevelDatabase database, LevelDbOptions options, Limits limits, bool readOnly, TimeProvider time)
    {
        _database = database;
        _sessions = Sessions.Load(database, limits.Sessions, time);
        Changes = new(limits.Subscribers);
        IsReadOnly = readOnly;
        _writes = new(database, Changes, _sessions, limits, readOnly ? ReadOnly() : null);
        _compaction = new(database, limits.KeyBytes, _writes.RunAsync);
        Options = OptionsOf(options);
        Limits = limits;
        Snapshots = new(database, limits.Snapshots, time);
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepPeriod, SweepPeriod);
    }

    public StorageOptions Options { get; }

    public Limits Limits { get; }

    internal Snapshots Snapshots { get; }

    internal ChangeFeed Changes { get; }

    public bool IsReadOnly { get; }

    // Whether a write has failed. All later writes are refused until the database is opened again.
    internal bool WritesFailed => _writes.Refusal is { Code: not ErrorCodes.ReadOnly };

    // Whether a write has succeeded since the database was opened.
    internal bool HasWritten => _database.HasWritten;

    // The epoch of its leader. Places in the change feed begin with it.
    internal long Epoch { get; set; }

    public string EngineName => "levelDb";

    public string EngineVersion { get; } = LevelDatabase.LibraryVersion();

    public StoreFigures Figures() => new(
        _counts.Gets, _counts.Writes, _counts.Scans, _counts.Clears, Snapshots.Count, Changes.Subscribers, _writes.Waiting);

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

    // The caller must hold the directory's lock.
    internal static LevelStore Open(
        string directory, LevelDbOptions options, bool create, Limits limits, TimeProvider time, bool readOnly = false)
    {
        return LevelDbFailures.Translate(() =>
        {
            LevelDatabase database = LevelDatabase.Open(directory, options, create);
            try
            {
                return new LevelStore(database, options, limits, readOnly, time);
            }
            catch
            {
                database.Dispose();
                throw;
            }
        });
    }

    // Refuses new operations, fails queued writes and ends snapshots. Returns when the last call has ended and LevelDB is closed.
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync().ConfigureAwait(false);
        _writes.Dispose();
        Snapshots.Dispose();
        Changes.Dispose();
        _database.Dispose();
        // Without a timeout: if the lock were released while LevelDB still runs, a second process could open the files.
        await _database.Closed.ConfigureAwait(false);
    }

    private static StorageOptions OptionsOf(LevelDbOptions options) => new(
        options.Compression, options.CacheSize, options.WriteBufferSize, options.BlockSize,
        options.MaxOpenFiles, options.BlockRestartInterval, options.MaxFileSize, options.BloomFilterBits);

    private static RaveException ReadOnly() => new(
        ErrorCodes.ReadOnly, "The database is read-only. To write, restart its leader without --read-only.");
}
