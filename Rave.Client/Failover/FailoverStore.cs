using Rave.Client.Lanes;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// The database of one handle: the store of this process while it leads, otherwise the leader's. It switches between them silently.
// Only this class asks whether this process leads. It copies its arguments before it returns.
internal sealed partial class FailoverStore : IStore, IEngine, IDisposable
{
    private readonly Campaign _campaign;
    private readonly FailoverHandler _handler;
    private readonly RaveOptions _options;
    private readonly RemoteStore _remote;
    private readonly ReadLane _reads;
    private readonly WriteLane _writes;
    private readonly CancellationTokenSource _closing = new();

    internal FailoverStore(DatabaseLocation location, Campaign campaign, RaveOptions options, HttpMessageHandler socket)
    {
        _campaign = campaign;
        _options = options;
        _handler = new(location.Directory, campaign, options, socket);
        _remote = new(RaveApiFactory.Create(_handler), location, campaign, options.TimeProvider, _closing.Token);
        _reads = new(options.Limits, options, SendReadsAsync, _handler.TimedOut);
        _writes = new(options.Limits, options, SendWritesAsync, _handler.TimedOut);
    }

    internal CancellationToken Closing => _closing.Token;

    // The leader over the socket, even while this process leads.
    internal RemoteStore Remote => _remote;

    internal bool Leads => _campaign.Current is { IsOwn: true };

    // The store of this process. Null while it does not lead.
    private IStore? Own => _campaign.Current?.Own?.Store;

    // Writes that wait in the lane since before this process led go first.
    private IStore? OwnForWrites => _writes.IsIdle ? Own : null;

    public ValueTask<T> GetAsync<T>(ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        try
        {
            if (Own is { } own)
            {
                return own.GetAsync(key, snapshot, reader, cancellationToken);
            }
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // This process has just stopped leading.
        }

        return _reads.GetAsync(key.Span, snapshot, reader, cancellationToken);
    }

    public ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        try
        {
            if (Own is { } own)
            {
                return own.ReadManyAsync(keys, snapshot, cancellationToken);
            }
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // This process has just stopped leading.
        }

        return _reads.ReadManyAsync(keys.Span, snapshot, cancellationToken);
    }

    public ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken) =>
        RunAsync(store => store.ReadPageAsync(scan, entries, cancellationToken), cancellationToken);

    public ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken) =>
        RunAsync(store => store.CountAsync(bounds, snapshot, cancellationToken), cancellationToken);

    // The lane numbers its writes itself: once is always null here.
    public ValueTask WriteAsync(ReadOnlyMemory<byte> operations, bool sync, Once? once, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        try
        {
            if (OwnForWrites is { } own)
            {
                ValueTask written = own.WriteAsync(operations, sync, once, cancellationToken);
                return written.IsCompletedSuccessfully ? default : WaitAsync(written, operations.ToArray(), sync, cancellationToken);
            }
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // This process has just stopped leading. Nothing was executed.
        }

        return _writes.WriteAsync(operations.Span, sync, cancellationToken);
    }

    public async ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        Scan left = scan;
        try
        {
            if (OwnForWrites is { } own)
            {
                await ClearLeftAsync(own, once).ConfigureAwait(false);
                return;
            }
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // This process has just stopped leading. The next leader clears the rest.
            Begin(cancellationToken);
        }

        await _writes.RunAsync(
            numbered => RunAsync(store => ClearLeftAsync(store, numbered), cancellationToken),
            cancellationToken).ConfigureAwait(false);

        async ValueTask ClearLeftAsync(IStore store, Once? numbered)
        {
            try
            {
                await store.ClearAsync(left, sync, numbered, cancellationToken).ConfigureAwait(false);
            }
            catch (RaveException failure) when (failure.Deleted is { } deleted)
            {
                // The next attempt must not count them again.
                left = left.Without(deleted);
                throw;
            }
        }
    }

    // Runs an operation on the store of the leader. If the leader changes, it runs on the next one, after the last store has reported
    // that it was not executed.
    internal async ValueTask<T> RunAsync<T>(
        Func<IStore, ValueTask<T>> ownOperation, Func<RemoteStore, ValueTask<T>> remoteOperation, CancellationToken cancellationToken)
    {
        while (true)
        {
            Reign? reign = _campaign.Current;
            if (reign?.Own is { } own)
            {
                try
                {
                    return await ownOperation(own.Store).ConfigureAwait(false);
                }
                catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
                {
                    Begin(cancellationToken);
                    await WaitForEndAsync(reign, cancellationToken).ConfigureAwait(false);
                }
            }
            else
            {
                try
                {
                    return await remoteOperation(_remote).ConfigureAwait(false);
                }
                catch (LeadsHereException)
                {
                    // The next turn uses the store of this process.
                }
            }
        }
    }

    // Fails pending operations, and refuses new ones.
    internal async ValueTask CloseAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _reads.Dispose();
        _writes.Dispose();
    }

    public void Dispose() => _handler.Dispose();

    private ValueTask<T> RunAsync<T>(Func<IStore, ValueTask<T>> operation, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return RunAsync(operation, operation, cancellationToken);
    }

    private async ValueTask RunAsync(Func<IStore, ValueTask> operation, CancellationToken cancellationToken) => await RunAsync<bool>(
        async store =>
        {
            await operation(store).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    private async ValueTask WaitAsync(ValueTask written, byte[] operations, bool sync, CancellationToken cancellationToken)
    {
        try
        {
            await written.ConfigureAwait(false);
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // This process stopped leading while the write waited for its turn. It was not executed.
            Begin(cancellationToken);
            await _writes.WriteAsync(operations, sync, cancellationToken).ConfigureAwait(false);
        }
    }

    // A leader that stops refuses all operations for a moment before another process can lead.
    private async ValueTask WaitForEndAsync(Reign reign, CancellationToken cancellationToken)
    {
        try
        {
            await reign.Over.WaitAsync(_options.OperationTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw _handler.TimedOut(mayHaveBeenApplied: false);
        }
    }

    private void Begin(CancellationToken cancellationToken)
    {
        if (_closing.IsCancellationRequested)
        {
            throw RemoteStore.Closed();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
