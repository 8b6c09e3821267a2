using Rave.Server.Files;
using Rave.Server.Metrics;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Serving;

// The database that the endpoints serve. While a leader or gateway starts, stops or reopens there is none, and they answer 503.
internal sealed class ServedDatabase(
    string location, ILogger logger, TimeProvider time, Limits limits, ClientTimeouts clientTimeouts) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private volatile Opening? _opening;
    private int _followers;
    private long _errors;

    internal ILogger Logger => logger;

    internal TimeProvider Time => time;

    internal ClientTimeouts ClientTimeouts => clientTimeouts;

    internal HeldBytes Held { get; } = new(limits.HeldBytes);

    internal LeaderMetrics Metrics { get; } = new(location, time);

    internal IServedStore Store => Current.Store;

    // Throws for a gateway.
    internal LeaderInfo Leader => Current.Leader
        ?? throw new RaveException(ErrorCodes.NotSupported, "No process leads this database: its storage engine is a cluster.");

    private Opening Current => _opening ?? throw StoreFailures.NotOpen();

    // Identifies the directory, by whatever path it is reached. Null if the system has no such identity.
    internal string? Directory => _opening?.Directory;

    // Cancelled when this leader stops. It ends streams.
    internal CancellationToken Stopping => _stopping.Token;

    // A client asked this leader to hand over.
    internal event Action? StepDownRequested;

    // Without a leader for a gateway.
    internal void Open(LeaderInfo? leader, IServedStore store, string? directory)
    {
        Metrics.Open(leader, store, followers: () => Volatile.Read(ref _followers));
        _opening = new(leader, store, directory, time.GetTimestamp());
    }

    // Refuses requests, and ends streams.
    internal Task CloseAsync()
    {
        _opening = null;
        Metrics.Close();
        return _stopping.CancelAsync();
    }

    // Records that a write of a session was refused.
    internal void Refuse(IdempotencyKey once, RaveException refusal) => _opening?.Store.Refuse(once, refusal);

    internal void RequestStepDown() => StepDownRequested?.Invoke();

    internal void CountError() => Interlocked.Increment(ref _errors);

    internal void AddFollower() => Interlocked.Increment(ref _followers);

    internal void RemoveFollower() => Interlocked.Decrement(ref _followers);

    internal async ValueTask<Status> StatusAsync(CancellationToken cancellationToken)
    {
        Opening opening = Current;
        IServedStore store = opening.Store;
        StoreFigures figures = store.Figures();
        return new(
            opening.Leader,
            location,
            new Dictionary<string, string> { ["service"] = ServiceVersion.Text, [store.EngineName] = store.EngineVersion },
            Math.Round(time.GetElapsedTime(opening.Since).TotalSeconds, 3),
            store.Limits,
            new Counters(
                figures.Gets, figures.Writes, figures.Scans, figures.Clears, Interlocked.Read(ref _errors),
                Volatile.Read(ref _followers), figures.Subscribers, figures.Snapshots),
            opening.Leader is null ? null : SizeOnDisk(),
            store.Options,
            store.IsReadOnly,
            await store.ClusterAsync(cancellationToken).ConfigureAwait(false));
    }

    public void Dispose() => _stopping.Dispose();

    private long SizeOnDisk()
    {
        long bytes = 0;
        // Only names and lengths: opening and closing LevelDB's LOCK would release the lock.
        foreach (string name in FileNames.In(location))
        {
            try
            {
                bytes += new FileInfo(Path.Combine(location, name)).Length;
            }
            catch (FileNotFoundException)
            {
                // A compaction has just removed it.
            }
        }

        return bytes;
    }

    private sealed record Opening(LeaderInfo? Leader, IServedStore Store, string? Directory, long Since);
}
