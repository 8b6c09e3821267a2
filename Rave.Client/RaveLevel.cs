using Rave.Client.Failover;
using Rave.Server.Contracts;
using Rave.Server.Leadership;

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

    private readonly Lock _gate = new();
    private Database? _database;
    private Task? _close;

    private protected RaveLevel(IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding)
        : base(keyEncoding, valueEncoding)
    {
    }

    /// <summary>
    /// Raised on a thread of the pool each time this handle begins to lead. One that led before the subscription is not told of; see <see cref="IsLeader"/>.
    /// </summary>
    public event EventHandler? Leader;

    /// <summary>What this handle is doing.</summary>
    public LevelStatus Status { get; private set; }

    /// <summary>The database's directory under its one real name.</summary>
    public string Location => Database.Directory;

    /// <summary>Whether this handle leads at present.</summary>
    public bool IsLeader => Status == LevelStatus.Open && Database.Leads;

    /// <summary>Who leads at present; <see langword="null"/> between two leaders.</summary>
    public LeaderInfo? LeaderInfo => Database.Leader;

    internal override Database Database => _database!;

    /// <summary>Takes a snapshot: the database as it is now, for reads that must see one moment.</summary>
    /// <param name="timeToLive">After how long without use the leader may let go of it; a second to an hour. Defaults to an hour.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The snapshot. Dispose it: it keeps LevelDB from dropping what is overwritten.</returns>
    /// <exception cref="RaveException"><c>LEVEL_TOO_MANY</c> when the leader holds as many as it may; otherwise as of reads.</exception>
    public async ValueTask<Snapshot> SnapshotAsync(TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        TimeSpan lasts = timeToLive ?? LongestSnapshot;
        ArgumentOutOfRangeException.ThrowIfLessThan(lasts, TimeSpan.FromSeconds(1), nameof(timeToLive));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lasts, LongestSnapshot, nameof(timeToLive));
        return new(Database, await Database.OpenSnapshotAsync(lasts, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks the leader, whoever it is, to hand over in good order. Another handle leads then, if there is one that may.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>When the leader has agreed.</returns>
    /// <exception cref="RaveException"><c>LEVEL_DATABASE_NOT_OPEN</c> on a closed handle; <c>LEVEL_CONNECTION_LOST</c> when nobody answered in time.</exception>
    public Task StepDownAsync(CancellationToken cancellationToken = default) => Database.StepDownAsync(cancellationToken);

    /// <summary>
    /// Closes the handle: pending operations fail with <c>LEVEL_DATABASE_NOT_OPEN</c>, and if it leads, another handle takes over. Can be called again.
    /// </summary>
    /// <returns>When the database is closed and its lock is free.</returns>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            return _close ??= CloseOnceAsync();
        }
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
        try
        {
            _database = await Database.OpenAsync(location, options ?? RaveOptions.Default, Began, cancellationToken).ConfigureAwait(false);
        }
        catch (LevelException failure)
        {
            throw RaveException.From(failure);
        }
    }

    internal Task<Status> GetStatusAsync(CancellationToken cancellationToken) => Database.StatusAsync(cancellationToken);

    private void Began(Reign reign)
    {
        if (reign.IsOwn)
        {
            // Not on the election's own thread: a slow or failing subscriber must not hold up the database.
            ThreadPool.QueueUserWorkItem(static level => level.Leader?.Invoke(level, EventArgs.Empty), this, preferLocal: false);
        }
    }

    private async Task CloseOnceAsync()
    {
        Status = LevelStatus.Closing;
        await Database.DisposeAsync().ConfigureAwait(false);
        Status = LevelStatus.Closed;
    }

    internal sealed class Typed(IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding) : RaveLevel<TKey, TValue>(keyEncoding, valueEncoding);
}
