using Rave.Client.Failover;
using Rave.Client.Lanes;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Engines;

// A handle's view of an engine outside this process. Lanes gather its reads and writes, and number the writes, so that each is applied
// once.
internal sealed class LanedStore : IStore, IEngine, IAsyncDisposable
{
    // For the end of the session. An engine that does not answer must not hold up closing: it removes old sessions itself.
    private static readonly TimeSpan EndOfSession = TimeSpan.FromSeconds(1);

    private readonly IServedStore _engine;
    private readonly RaveOptions _options;
    private readonly ReadLane _reads;
    private readonly WriteLane _writes;
    private readonly CancellationTokenSource _closing = new();

    internal LanedStore(IServedStore engine, RaveOptions options)
    {
        _engine = engine;
        _options = options;
        _reads = new(engine.Limits, options, SendReadsAsync, NoAnswer);
        _writes = new(engine.Limits, options, SendWritesAsync, NoAnswer);
    }

    internal CancellationToken Closing => _closing.Token;

    public ValueTask<T> GetAsync<T>(ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _reads.GetAsync(key.Span, snapshot, reader, cancellationToken);
    }

    public ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _reads.ReadManyAsync(keys.Span, snapshot, cancellationToken);
    }

    public ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _engine.ReadPageAsync(scan, entries, cancellationToken);
    }

    public ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _engine.CountAsync(bounds, snapshot, cancellationToken);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _writes.WriteAsync(operations.Span, sync, cancellationToken);
    }

    public ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _writes.RunAsync(numbered => _engine.ClearAsync(scan, sync, numbered, cancellationToken), cancellationToken);
    }

    public ValueTask<SnapshotAnswer> OpenSnapshotAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _engine.OpenSnapshotAsync(timeToLive, cancellationToken);
    }

    public ValueTask EndSnapshotAsync(string id, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _engine.EndSnapshotAsync(id, cancellationToken);
    }

    public ValueTask<IChangeSubscription> SubscribeAsync(KeyRange range, FeedPlace? after, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _engine.SubscribeAsync(range, after, cancellationToken);
    }

    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _engine.PropertyAsync(name, cancellationToken);
    }

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _engine.ApproximateSizeAsync(range, cancellationToken);
    }

    public ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return _engine.CompactAsync(range, cancellationToken);
    }

    public ValueTask EndSessionAsync(string session, CancellationToken cancellationToken) =>
        _engine.EndSessionAsync(session, cancellationToken);

    // Fails pending operations, refuses new ones, and ends the session.
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _reads.Dispose();
        _writes.Dispose();
        if (_writes.SessionToEnd is not { } session)
        {
            return;
        }

        using CancellationTokenSource deadline = new(EndOfSession, _options.TimeProvider);
        try
        {
            await EndSessionAsync(session, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is RaveException or OperationCanceledException)
        {
            // The engine removes old sessions itself.
        }
    }

    private ValueTask<PooledBuffer> SendReadsAsync(LaneRequest request) =>
        _engine.ReadManyAsync(request.Body.Written, request.Snapshot, request.Abort.Token);

    private async Task SendWritesAsync(LaneRequest request)
    {
        if (!request.Attempts.TryBeginSend())
        {
            throw new OperationCanceledException("The operation was given up before it was sent.");
        }

        await _engine.WriteAsync(request.Body.Written, request.Sync, request.Number(), request.Abort.Token).ConfigureAwait(false);
    }

    private RaveException NoAnswer(bool mayHaveBeenApplied) => new(
        ErrorCodes.ConnectionLost,
        $"The operation failed within {_options.OperationTimeout.TotalSeconds:0.###} s: the storage engine did not answer."
            + (mayHaveBeenApplied ? " It may have been applied." : ""))
    {
        MayHaveBeenApplied = mayHaveBeenApplied,
    };

    // Throws where no operation may begin.
    internal void Begin(CancellationToken cancellationToken)
    {
        if (_closing.IsCancellationRequested)
        {
            throw RemoteStore.Closed();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
