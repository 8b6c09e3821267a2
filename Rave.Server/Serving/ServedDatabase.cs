using Rave.Server.Files;
using Rave.Server.Metrics;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Serving;

// The database that the endpoints serve at present. There is none while a leader starts, stops or reopens: they then answer 503.
internal sealed class ServedDatabase(string location, ILogger logger, TimeProvider time, Limits limits, Patience patience) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private volatile Opening? _opening;
    private int _followers;
    private long _errors;

    internal ILogger Logger => logger;

    internal TimeProvider Time => time;

    internal Patience Patience => patience;

    internal HeldBytes Held { get; } = new(limits.HeldBytes);

    internal LeaderMetrics Metrics { get; } = new(location, time);

    internal IServedStore Store => (_opening ?? throw StoreFailures.NotOpen()).Store;

    internal LeaderInfo Leader => (_opening ?? throw StoreFailures.NotOpen()).Leader;

    // Which one is led, whatever it is called; null where the system has no such thing.
    internal string? Directory => _opening?.Directory;

    // Cancelled when this leader stops: responses without an end go by it.
    internal CancellationToken Stopping => _stopping.Token;

    // Asked over HTTP to hand over.
    internal event Action? StepDownRequested;

    internal void Open(LeaderInfo leader, IServedStore store, string? directory)
    {
        Metrics.Open(leader, store, followers: () => Volatile.Read(ref _followers));
        _opening = new(leader, store, directory, time.GetTimestamp());
    }

    // From here on requests are refused, and streams end.
    internal Task CloseAsync()
    {
        _opening = null;
        Metrics.Close();
        return _stopping.CancelAsync();
    }

    // Remembers what a write of a session was refused with.
    internal void Refuse(IdempotencyKey once, RaveException refusal) => _opening?.Store.Refuse(once, refusal);

    internal void RequestStepDown() => StepDownRequested?.Invoke();

    internal void CountError() => Interlocked.Increment(ref _errors);

    internal void FollowerCame() => Interlocked.Increment(ref _followers);

    internal void FollowerWent() => Interlocked.Decrement(ref _followers);

    internal Status Status(string serviceVersion)
    {
        Opening opening = _opening ?? throw StoreFailures.NotOpen();
        IServedStore store = opening.Store;
        StoreFigures figures = store.Figures();
        return new(
            opening.Leader,
            location,
            new(serviceVersion, store.EngineVersion),
            Math.Round(time.GetElapsedTime(opening.Since).TotalSeconds, 3),
            store.Limits,
            new(
                figures.Gets, figures.Writes, figures.Scans, figures.Clears, Interlocked.Read(ref _errors),
                Volatile.Read(ref _followers), figures.Subscribers, figures.Snapshots),
            SizeOnDisk(),
            store.Options,
            store.IsReadOnly);
    }

    public void Dispose() => _stopping.Dispose();

    private long SizeOnDisk()
    {
        long bytes = 0;
        // Only names and lengths: opening LevelDB's LOCK and closing it again would drop its lock.
        foreach (string name in FileNames.In(location))
        {
            try
            {
                bytes += new FileInfo(Path.Combine(location, name)).Length;
            }
            catch (FileNotFoundException)
            {
                // A compaction removed it since it was listed.
            }
        }

        return bytes;
    }

    private sealed record Opening(LeaderInfo Leader, IServedStore Store, string? Directory, long Since);
}
