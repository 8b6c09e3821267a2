using Rave.Client.Coalescing;
using Rave.Client.Http;
using Rave.Server.Contracts;
using Rave.Server.Leadership;
using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// A location as one handle sees it, in bytes: straight into the store while this process leads, over the socket while another does.
internal sealed partial class Database : IAsyncDisposable
{
    // One for each request in flight; what is more waits in this process instead of in the leader's.
    private const int Connections = 64;

    private readonly DatabaseLocation _location;
    private readonly RaveOptions _options;
    private readonly Campaign _campaign;
    private readonly FailoverHandler _handler;
    private readonly Remote _remote;
    private readonly ReadLane _reads;
    private readonly WriteLane _writes;
    private readonly CancellationTokenSource _closing = new();

    private Database(DatabaseLocation location, RaveOptions options, Campaign campaign)
    {
        _location = location;
        _options = options;
        _campaign = campaign;
        HttpMessageHandler socket = LocalSocket.CreateHandler(location, Connections, options.TimeProvider);
        _handler = new(location.Directory, campaign, options, options.Wire?.Invoke(socket) ?? socket);
        IRaveApi api = RaveApiFactory.Create(_handler);
        _remote = new(api, _closing.Token);
        LaneApi laneApi = new(api);
        _reads = new(laneApi, options, Own, _handler.NoAnswer);
        _writes = new(laneApi, options, Own, _handler.NoAnswer);
        Observers = new(options.CreateLogger());
    }

    internal string Directory => _location.Directory;

    internal Observers Observers { get; }

    internal LeaderInfo? Leader => _campaign.Current?.Info;

    internal bool IsClosed => _closing.IsCancellationRequested;

    internal bool Leads => _campaign.Current is { IsOwn: true };

    // Returns when this process leads or follows; throws when it can do neither by its deadline, or never will.
    internal static async Task<Database> OpenAsync(string path, RaveOptions options, Action<Reign> leaderCame, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        DatabaseLocation location = options.CanLead
            ? DatabaseLocation.Resolve(path, options.CreateIfMissing)
            : await Opening.FindAsync(path, options, cancellationToken).ConfigureAwait(false);
        OpenMode mode = new(options.CreateIfMissing, options.ErrorIfExists, Takeover: false);
        Campaign campaign = new(location, LeaderOptionsOf(options), mode);
        campaign.Began += leaderCame;
        Database database = new(location, options, campaign);
        campaign.Began += database.CompareOptions;
        campaign.Began += database.CountFailover;
        try
        {
            await campaign.OpenAsync(location, options, began, cancellationToken).ConfigureAwait(false);
            return database;
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The value where LevelDB has it, or none, for whoever asked to free; false when this process does not lead.
    internal bool TryFind(ReadOnlyMemory<byte> key, string? snapshot, out LevelValue value) =>
        TryLocal(static (store, asked) => store.Find(asked.key.Span, asked.snapshot), (key, snapshot), CancellationToken.None, out value);

    // The same of several keys at one moment. What was found is there to be freed even if the rest fails.
    internal bool TryFindMany(KeyList keys, string? snapshot, LevelValue[] values, CancellationToken cancellationToken) =>
        TryLocal(static (store, asked) => FindMany(store, asked.keys, asked.snapshot, asked.values), (keys, snapshot, values), cancellationToken, out _);

    internal bool TryHas(ReadOnlyMemory<byte> key, string? snapshot, out bool found) =>
        TryLocal(static (store, asked) => store.Has(asked.key.Span, asked.snapshot), (key, snapshot), CancellationToken.None, out found);

    // A put or del that may be done at once, without allocating; false when it may not, or this process does not lead.
    internal bool TryWrite(OperationType type, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) =>
        _writes.IsIdle
        && TryLocal(static (store, asked) => store.TryWrite(asked.type, asked.key.Span, asked.value.Span), (type, key, value), CancellationToken.None, out bool written)
        && written;

    internal ValueTask<byte[]?> GetAsync(byte[] key, string? snapshot, CancellationToken cancellationToken) =>
        TryLocal(static (store, asked) => store.Get(asked.key, asked.snapshot), (key, snapshot), cancellationToken, out byte[]? value)
            ? new(value)
            : _reads.GetAsync(key, snapshot, cancellationToken);

    // For a handle that follows: one that leads finds them.
    internal ValueTask<byte[]?[]> GetManyAsync(IReadOnlyList<byte[]> keys, string? snapshot, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        return _reads.GetManyAsync(keys, snapshot, cancellationToken);
    }

    internal ValueTask<bool[]> HasManyAsync(IReadOnlyList<byte[]> keys, string? snapshot, CancellationToken cancellationToken) =>
        TryLocal(static (store, asked) => store.HasMany(asked.keys, asked.snapshot), (keys, snapshot), cancellationToken, out bool[]? found)
            ? new(found!)
            : _reads.HasManyAsync(keys, snapshot, cancellationToken);

    // The first page of a scan, or the one where a token goes on.
    internal ValueTask<Page> ReadPageAsync(Scan scan, string? continuation, int entries, CancellationToken cancellationToken) =>
        TryLocal(static (store, asked) => ReadPage(store, asked.scan, asked.continuation, asked.entries), (scan, continuation, entries), cancellationToken, out Page? page)
            ? new(page!)
            : new(_remote.ReadPageAsync(scan, continuation, entries, cancellationToken));

    internal ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken) =>
        TryLocal(static (store, asked) => store.Count(asked.bounds.ToRange(), asked.snapshot, asked.cancellationToken), (bounds, snapshot, cancellationToken), cancellationToken, out long count)
            ? new(count)
            : new(_remote.CountAsync(bounds, snapshot, cancellationToken));

    internal async ValueTask WriteAsync(IReadOnlyList<Operation> operations, bool sync, CancellationToken cancellationToken)
    {
        // What waits from before this process led goes first.
        if (!_writes.IsIdle || !await TryLocalAsync(store => WriteAsync(store, operations, sync), cancellationToken).ConfigureAwait(false))
        {
            ThrowIfClosed();
            await _writes.WriteAsync(operations, sync, cancellationToken).ConfigureAwait(false);
        }
    }

    internal async ValueTask ClearAsync(Scan scan, bool sync, CancellationToken cancellationToken)
    {
        if (!_writes.IsIdle || !await TryLocalAsync(store => store.ClearAsync(scan, sync, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            ThrowIfClosed();
            await _writes.RunAsync(once => _remote.ClearAsync(scan, sync, once, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    internal Task<Status> StatusAsync(CancellationToken cancellationToken) => _remote.StatusAsync(cancellationToken);

    internal Task StepDownAsync(CancellationToken cancellationToken) => _remote.StepDownAsync(cancellationToken);

    // Fails what is pending, stops leading or following; when it returns, another process can lead.
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _reads.Dispose();
        _writes.Dispose();
        await EndSessionAsync().ConfigureAwait(false);
        await _campaign.DisposeAsync().ConfigureAwait(false);
        _handler.Dispose();
        _location.Dispose();
    }

    private static LeaderOptions LeaderOptionsOf(RaveOptions options) => new()
    {
        LevelDb = options,
        Limits = options.Limits,
        CanLead = options.CanLead,
        LeadsBeforeItServes = true,
        Time = options.TimeProvider,
        Logger = options.CreateLogger(),
    };

    private Store? Own() => _campaign.Current?.Own?.Store;

    private static bool FindMany(Store store, KeyList keys, string? snapshot, LevelValue[] values)
    {
        using MomentReader moment = store.ReadMoment(keys.Count, snapshot);
        for (int i = 0; i < keys.Count; i++)
        {
            moment.TryRead(keys[i], out _);
            values[i] = moment.Take();
        }

        return true;
    }

    private static Page ReadPage(Store store, Scan scan, string? continuation, int entries)
    {
        PooledBuffer bytes = new();
        try
        {
            int count = 0;
            Scan from = continuation is null ? scan : ContinuationToken.Decode(System.Text.Encoding.ASCII.GetBytes(continuation));
            Scan? next = store.ReadPage(from, entries, (key, value) =>
            {
                EntriesBinaryWriter.WriteEntry(bytes, key, value, scan.Keys, scan.Values);
                count++;
            });
            return new(bytes, count, next is null ? null : ContinuationToken.Encode(next));
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private static async ValueTask WriteAsync(Store store, IReadOnlyList<Operation> operations, bool sync)
    {
        using WriteBatch batch = new(store.Limits);
        foreach (Operation operation in operations)
        {
            operation.AddTo(batch);
        }

        await store.WriteAsync(batch, sync).ConfigureAwait(false);
    }

    // False when this process does not lead, or has just stopped leading: then the operation goes over the socket, to whoever leads next.
    private bool TryLocal<TState, TResult>(Func<Store, TState, TResult> operation, TState state, CancellationToken cancellationToken, out TResult? result)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (_campaign.Current?.Own is { } own)
            {
                result = operation(own.Store, state);
                return true;
            }
        }
        catch (LevelException failure) when (failure.Code != ErrorCodes.DatabaseNotOpen)
        {
            throw RaveException.From(failure);
        }
        catch (LevelException)
        {
            // Stopped leading; not executed.
        }

        result = default;
        return false;
    }

    private async ValueTask<bool> TryLocalAsync(Func<Store, ValueTask> operation, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (_campaign.Current?.Own is { } own)
            {
                await operation(own.Store).ConfigureAwait(false);
                return true;
            }
        }
        catch (LevelException failure) when (failure.Code != ErrorCodes.DatabaseNotOpen)
        {
            throw RaveException.From(failure);
        }
        catch (LevelException)
        {
            // Stopped leading; not executed.
        }

        return false;
    }

    private void ThrowIfClosed()
    {
        if (IsClosed)
        {
            throw Remote.Closed();
        }
    }
}
