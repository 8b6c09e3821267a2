using Rave.Client.Failover;
using Rave.Client.Memory;
using Rave.Client.Telemetry;
using Rave.Server.Election;
using Rave.Server.Protocol;

namespace Rave.Client;

/// <summary>
/// A handle on a LevelDB database that many processes use at once. Whichever process holds LevelDB's lock leads and serves the others over a
/// local socket; when it goes, another takes over and pending operations go on there.
/// </summary>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public class RaveLevel<TKey, TValue> : AbstractLevel<TKey, TValue>, IAsyncDisposable
{
    // What a leader grants at most.
    private static readonly TimeSpan LongestSnapshot = TimeSpan.FromHours(1);

    private Database? _database;
    private TaskCompletionSource? _closed;

    private protected RaveLevel(IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding)
        : base(keyEncoding, valueEncoding)
    {
    }

    /// <summary>
    /// Raised on a thread of the pool each time this handle begins to lead. One that led before the subscription is not told of; see <see cref="IsLeader"/>.
    /// What a subscriber throws is logged.
    /// </summary>
    public event EventHandler? BecameLeader;

    /// <summary>
    /// Occurs when <see cref="Status"/> changes: once with <see cref="LevelStatus.Closing"/>, when operations are refused already, and once with
    /// <see cref="LevelStatus.Closed"/>, before the task of <see cref="CloseAsync"/> completes. Exceptions of a subscriber are logged.
    /// </summary>
    public event EventHandler<LevelStatus>? StatusChanged;

    /// <summary>Gets the status of this handle.</summary>
    public LevelStatus Status { get; private set; }

    /// <summary>The database's directory under its one real name.</summary>
    public string Location => Database.Location;

    /// <summary>Whether this handle leads at present.</summary>
    public bool IsLeader => Status == LevelStatus.Open && Database.Leads;

    /// <summary>Who leads at present; <see langword="null"/> between two leaders, and once this handle is closed.</summary>
    public LeaderInfo? LeaderInfo => Database.Leader;

    internal override Database Database => _database!;

    /// <summary>Takes a snapshot: the database as it is now, for reads that must see one moment.</summary>
    /// <param name="timeToLive">After how long without use the leader may let go of it; a second to an hour. Defaults to an hour.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The snapshot. Dispose it: it keeps LevelDB from dropping what is overwritten.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time to live is shorter or longer.</exception>
    /// <exception cref="RaveException"><c>LEVEL_TOO_MANY</c> when the leader holds as many as it may; otherwise as of reads.</exception>
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

    /// <summary>Reads one of LevelDB's own figures, of whoever leads.</summary>
    /// <param name="name">Its name, such as <c>leveldb.stats</c>, <c>leveldb.sstables</c> or <c>leveldb.num-files-at-level0</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Its text, or <see langword="null"/> where LevelDB does not know the name.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="RaveException">As of reads.</exception>
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

    /// <summary>Asks the leader, whoever it is, to hand over in good order. Another handle leads then, if there is one that may.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When the leader has agreed.</returns>
    /// <exception cref="RaveException"><c>LEVEL_DATABASE_NOT_OPEN</c> on a closed handle; <c>LEVEL_CONNECTION_LOST</c> when nobody answered in time.</exception>
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
    /// Closes the handle: pending operations fail with <c>LEVEL_DATABASE_NOT_OPEN</c>, and if it leads, another handle takes over. Can be called again.
    /// </summary>
    /// <returns>When the database is closed and its lock is free.</returns>
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

    /// <summary>As <see cref="CloseAsync"/>.</summary>
    /// <returns>When the handle is closed.</returns>
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
        _database = await SharedDatabase.OpenAsync(location, own, Began, cancellationToken).ConfigureAwait(false);
    }

    // Opens it on a store of this process alone.
    internal void OpenInMemory(RaveOptions? options) => _database = new MemoryDatabase((options ?? new()).CheckedCopy());

    internal ValueTask<Status> GetStatusAsync(CancellationToken cancellationToken) => ((SharedDatabase)Database).StatusAsync(cancellationToken);

    private void Began(Reign reign)
    {
        if (reign.IsOwn)
        {
            // Not on the thread of the election, so that a slow subscriber does not delay the database.
            ThreadPool.QueueUserWorkItem(static level => level.Raise(level.BecameLeader), this, preferLocal: false);
        }
    }

    private async Task CloseOnceAsync(TaskCompletionSource closed)
    {
        try
        {
            ValueTask disposed = Database.DisposeAsync();
            Become(LevelStatus.Closing);
            await disposed.ConfigureAwait(false);
            Become(LevelStatus.Closed);
            closed.SetResult();
        }
        catch (Exception cause)
        {
            closed.SetException(cause);
        }
    }

    private void Become(LevelStatus status)
    {
        Status = status;
        foreach (EventHandler<LevelStatus> handler in Delegate.EnumerateInvocationList(StatusChanged))
        {
            Database.Observers.Tell(level => handler(level, status), this);
        }
    }

    private void Raise(EventHandler? handlers)
    {
        foreach (EventHandler handler in Delegate.EnumerateInvocationList(handlers))
        {
            Database.Observers.Tell(level => handler(level, EventArgs.Empty), this);
        }
    }

    internal sealed class Typed(IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding) : RaveLevel<TKey, TValue>(keyEncoding, valueEncoding);
}
