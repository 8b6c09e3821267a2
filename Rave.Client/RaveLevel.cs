using Rave.Client.Engines;
using Rave.Client.Failover;
using Rave.Client.Memory;
using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client;

/// <summary>
/// A handle on a LevelDB database that many processes use at the same time. The process that holds the lock leads, and serves the others
/// over a local socket. When it goes, another process takes over, and pending operations continue there.
/// </summary>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public class RaveLevel<TKey, TValue> : AbstractLevel<TKey, TValue>, IAsyncDisposable
{
    // The most that a leader allows.
    private static readonly TimeSpan LongestSnapshot = TimeSpan.FromHours(1);

    private Database? _database;
    private TaskCompletionSource? _closed;

    private protected RaveLevel(IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding)
        : base(keyEncoding, valueEncoding)
    {
    }

    /// <summary>
    /// Occurs on a thread of the pool each time this handle becomes the leader. A subscriber that is added while the handle leads is not
    /// notified of that; see <see cref="IsLeader"/>. Exceptions of a subscriber are logged.
    /// </summary>
    public event EventHandler? BecameLeader;

    /// <summary>
    /// Occurs when <see cref="Status"/> changes: once with <see cref="LevelStatus.Closing"/>, when operations are refused already, and once
    /// with <see cref="LevelStatus.Closed"/>, before the task of <see cref="CloseAsync"/> completes. Exceptions of a subscriber are logged.
    /// </summary>
    public event EventHandler<LevelStatus>? StatusChanged;

    /// <summary>Gets the status of this handle.</summary>
    public LevelStatus Status { get; private set; }

    /// <summary>Gets the directory of the database, without symbolic links. It is <c>memory</c> for a database in memory.</summary>
    public string Location => Database.Location;

    /// <summary>
    /// Gets the name of the storage engine: <c>leveldb</c>, <c>memory</c>, or the scheme of the location, such as <c>etcd</c>.
    /// </summary>
    public string StorageEngine => Database.EngineName;

    /// <summary>Gets whether this handle leads now. It is always <see langword="false"/> if no process leads, as on etcd.</summary>
    public bool IsLeader => Status == LevelStatus.Open && Database.Leads;

    /// <summary>Gets the current leader, or <see langword="null"/> between two leaders and after this handle is closed.</summary>
    public LeaderInfo? LeaderInfo => Database.Leader;

    internal override Database Database => _database!;

    /// <summary>Takes a snapshot: the database as it is now.</summary>
    /// <param name="timeToLive">How long the leader keeps a snapshot that is not used: 1 second to 1 hour. The default is 1 hour.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that completes with the snapshot. Dispose it, because LevelDB keeps overwritten data as long as it exists.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of range.</exception>
    /// <exception cref="RaveException">
    /// <c>LEVEL_TOO_MANY</c>: the leader has the maximum number of snapshots. Otherwise as for
    /// <see cref="AbstractLevel{TKey, TValue}.GetAsync(TKey, ReadOptions, CancellationToken)"/>.
    /// </exception>
    public async ValueTask<Snapshot> SnapshotAsync(TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        TimeSpan lasts = timeToLive ?? LongestSnapshot;
        ArgumentOutOfRangeException.ThrowIfLessThan(lasts, TimeSpan.FromSeconds(1), nameof(timeToLive));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lasts, LongestSnapshot, nameof(timeToLive));
        using Observation? observed = Observation.Start("snapshot", Database);
        try
        {
            return new(Database, (await Database.Store.OpenSnapshotAsync(lasts, cancellationToken).ConfigureAwait(false)).Id);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    /// <summary>Reads one of the properties that LevelDB reports, at the current leader.</summary>
    /// <param name="name">The name, such as <c>leveldb.stats</c>, <c>leveldb.sstables</c> or <c>leveldb.num-files-at-level0</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that completes with the text, or <see langword="null"/> if LevelDB does not know the name.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="RaveException">
    /// As for <see cref="AbstractLevel{TKey, TValue}.GetAsync(TKey, ReadOptions, CancellationToken)"/>.
    /// </exception>
    public async ValueTask<string?> GetPropertyAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using Observation? observed = Observation.Start("property", Database);
        try
        {
            return await Database.Engine.PropertyAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    /// <summary>Asks the current leader to hand over. Then another handle leads, if one can.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that completes when the leader has agreed.</returns>
    /// <exception cref="RaveException">
    /// <c>LEVEL_DATABASE_NOT_OPEN</c>: the handle is closed. <c>LEVEL_CONNECTION_LOST</c>: no leader answered within
    /// <see cref="RaveOptions.OperationTimeout"/>.
    /// </exception>
    public async Task StepDownAsync(CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("step-down", Database);
        try
        {
            await Database.StepDownAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    /// <summary>
    /// Closes the handle. Pending operations fail with <c>LEVEL_DATABASE_NOT_OPEN</c>. If it leads, another handle takes over. It can be
    /// called more than once.
    /// </summary>
    /// <returns>A task that completes when the database is closed and its lock is free.</returns>
    public Task CloseAsync()
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _closed, closed, null) is { } earlier)
        {
            return earlier.Task;
        }

        _ = CloseOnceAsync(closed);
        return closed.Task;
    }

    /// <summary>Closes the handle, like <see cref="CloseAsync"/>.</summary>
    /// <returns>A task that completes when the handle is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    internal async Task ConnectAsync(string location, RaveOptions? options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        cancellationToken.ThrowIfCancellationRequested();
        RaveOptions own = (options ?? new()).CheckedCopy();
        _database = StorageEngines.SchemeOf(location) is { } scheme
            ? await EngineDatabase.OpenAsync(scheme, location, own, cancellationToken).ConfigureAwait(false)
            : await SharedDatabase.OpenAsync(location, own, Began, cancellationToken).ConfigureAwait(false);
    }

    // Opens it on a store of this process alone.
    internal void OpenInMemory(RaveOptions? options) => _database = new MemoryDatabase((options ?? new()).CheckedCopy());

    internal ValueTask<Status> GetStatusAsync(CancellationToken cancellationToken) => Database.StatusAsync(cancellationToken);

    private void Began(Reign reign)
    {
        // Only the current subscribers. A later one would get an event that happened before it subscribed.
        if (reign.IsOwn && BecameLeader is { } subscribers)
        {
            // Not on the thread of the election, so that a slow subscriber does not delay the database.
            ThreadPool.QueueUserWorkItem(
                static began => began.level.Raise(began.subscribers), (level: this, subscribers), preferLocal: false);
        }
    }

    private async Task CloseOnceAsync(TaskCompletionSource closed)
    {
        try
        {
            ValueTask disposed = Database.DisposeAsync();
            SetStatus(LevelStatus.Closing);
            await disposed.ConfigureAwait(false);
            SetStatus(LevelStatus.Closed);
            closed.SetResult();
        }
        catch (Exception cause)
        {
            closed.SetException(cause);
        }
    }

    private void SetStatus(LevelStatus status)
    {
        Status = status;
        foreach (EventHandler<LevelStatus> handler in Delegate.EnumerateInvocationList(StatusChanged))
        {
            Database.Observers.Notify(level => handler(level, status), this);
        }
    }

    private void Raise(EventHandler? handlers)
    {
        foreach (EventHandler handler in Delegate.EnumerateInvocationList(handlers))
        {
            Database.Observers.Notify(level => handler(level, EventArgs.Empty), this);
        }
    }

    internal sealed class Typed(IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding)
        : RaveLevel<TKey, TValue>(keyEncoding, valueEncoding);
}
