using Rave.Client.Lanes;
using Rave.Server.Election;
using Rave.Server.Location;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client.Failover;

// A database as one handle sees it: the store of this process while it leads, whoever leads otherwise, from one to the other without a word.
// The one place that asks whether this process leads. It copies what it is given before it returns.
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
        _reads = new(options.Limits, options, SendReadsAsync, _handler.NoAnswer);
        _writes = new(options.Limits, options, SendWritesAsync, _handler.NoAnswer);
    }

    internal CancellationToken Closing => _closing.Token;

    internal bool Leads => _campaign.Current is { IsOwn: true };

    // The store of this process, while it leads.
    private IStore? Own => _campaign.Current?.Own?.Store;

    // What waits from before this process led goes first.
    private IStore? OwnForWrites => _writes.IsIdle ? Own : null;

    public ValueTask<T> GetAsync<T>(ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        if (TryOwn(
            static (own, asked, token) => own.GetAsync(asked.key, asked.snapshot, asked.reader, token),
            (key, snapshot, reader), cancellationToken, out ValueTask<T> answer))
        {
            return answer;
        }

        return _reads.AskAsync(OperationType.Get, key.Span, reader, snapshot, cancellationToken);
    }

    public ValueTask<bool> HasAsync(ReadOnlyMemory<byte> key, string? snapshot, CancellationToken cancellationToken)
    {
        if (TryOwn(
            static (own, asked, token) => own.HasAsync(asked.key, asked.snapshot, token), (key, snapshot), cancellationToken, out ValueTask<bool> found))
        {
            return found;
        }

        return _reads.AskAsync(OperationType.Has, key.Span, Presence.Reader, snapshot, cancellationToken);
    }

    public ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken)
    {
        if (TryOwn(
            static (own, asked, token) => own.ReadManyAsync(asked.keys, asked.snapshot, token),
            (keys, snapshot), cancellationToken, out ValueTask<PooledBuffer> answer))
        {
            return answer;
        }

        return _reads.AskManyAsync(keys.Span, snapshot, cancellationToken);
    }

    public ValueTask<Page> ReadPageAsync(Scan scan, int entries, CancellationToken cancellationToken) =>
        RunAsync(store => store.ReadPageAsync(scan, entries, cancellationToken), cancellationToken);

    public ValueTask<long> CountAsync(RangeBounds bounds, string? snapshot, CancellationToken cancellationToken) =>
        RunAsync(store => store.CountAsync(bounds, snapshot, cancellationToken), cancellationToken);

    // Its writes have a session of their own, and nobody gives it a number.
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
            // Has just stopped leading; not executed.
        }

        return _writes.WriteAsync(operations.Span, sync, cancellationToken);
    }

    public async ValueTask ClearAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        try
        {
            if (OwnForWrites is { } own)
            {
                await own.ClearAsync(scan, sync, once, cancellationToken).ConfigureAwait(false);
                return;
            }
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // Has just stopped leading: the next leader clears the rest.
            Begin(cancellationToken);
        }

        await _writes.RunAsync(numbered => ClearAnywhereAsync(scan, sync, numbered, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    // Runs an operation on the store of whoever leads, for as long as that changes. Each of them says that it was not executed before another gets it.
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
                    await EndOfAsync(reign, cancellationToken).ConfigureAwait(false);
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
                    // To the store of this process then.
                }
            }
        }
    }

    // Fails what is pending, and refuses what comes.
    internal async ValueTask CloseAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _reads.Dispose();
        _writes.Dispose();
    }

    public void Dispose() => _handler.Dispose();

    // False where this process does not lead, or has just stopped leading: not executed then.
    private bool TryOwn<TAsked, T>(
        Func<IStore, TAsked, CancellationToken, ValueTask<T>> read, TAsked asked, CancellationToken cancellationToken, out ValueTask<T> answer)
    {
        Begin(cancellationToken);
        answer = default;
        try
        {
            if (Own is { } own)
            {
                answer = read(own, asked, cancellationToken);
                return true;
            }
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.DatabaseNotOpen)
        {
            // As said above.
        }

        return false;
    }

    private ValueTask<T> RunAsync<T>(Func<IStore, ValueTask<T>> operation, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return RunAsync(operation, operation, cancellationToken);
    }

    private async ValueTask ClearAnywhereAsync(Scan scan, bool sync, Once? once, CancellationToken cancellationToken) => await RunAsync(
        async store =>
        {
            await store.ClearAsync(scan, sync, once, cancellationToken).ConfigureAwait(false);
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
            // It waited for its turn when this process stopped leading; not executed.
            Begin(cancellationToken);
            await _writes.WriteAsync(operations, sync, cancellationToken).ConfigureAwait(false);
        }
    }

    // A leader that stops refuses everything for a moment before somebody else can lead.
    private async ValueTask EndOfAsync(Reign reign, CancellationToken cancellationToken)
    {
        try
        {
            await reign.Over.WaitAsync(_options.OperationTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw _handler.NoAnswer(mayHaveBeenApplied: false);
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
