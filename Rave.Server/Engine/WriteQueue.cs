using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// One writer at a time. An uncontended small write runs at once on its caller; those that come meanwhile wait and are merged
// into one LevelDB batch by the queue's own thread, where sync and large writes go too: a native call that can block for long
// never sits on thread-pool threads in number.
// The writer also decides each write at the moment it is applied: what it depends on and the write itself are one step.
internal sealed partial class WriteQueue(LevelDatabase database, ChangeFeed changes, Sessions sessions, Limits limits, RaveException? refusal) : IDisposable
{
    // Larger writes may wait for LevelDB to make room, so they do it on the queue's thread.
    private const long InlineBytes = 64 << 10;

    private readonly Lock _gate = new();
    private readonly Queue<PendingWrite> _pending = new();
    private readonly Admission _admission = new(database, sessions);

    private long _pendingBytes;
    private bool _busy;
    private RaveException? _refusal = refusal;

    // Why writes are refused, from the beginning or since one failed; null while they are not.
    internal RaveException? Refusal => Volatile.Read(ref _refusal);

    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    // One small put or del that depends on nothing, while nobody else writes and nobody is told of it: most of what a leader's own program writes.
    // A batch would cost memory and three more native calls. False: not executed, for it has to wait, or is more than that; write it as a batch.
    internal bool TryWrite(OperationType type, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.Length + value.Length > InlineBytes || !TryBegin())
        {
            return false;
        }

        try
        {
            // Who turns the feed on takes a turn to do it, and this is another's.
            if (changes.IsOn)
            {
                return false;
            }

            if (type == OperationType.Put)
            {
                database.Put(key, value, sync: false);
            }
            else
            {
                database.Delete(key, sync: false);
            }

            return true;
        }
        catch (Exception cause) when (cause is LevelDbException or ObjectDisposedException)
        {
            throw Failed(cause);
        }
        finally
        {
            Release();
        }
    }

    internal ValueTask WriteAsync(StoreBatch batch, bool sync)
    {
        PendingWrite? waiting = null;
        lock (_gate)
        {
            if (_refusal is not null)
            {
                throw _refusal.Again();
            }

            if (_busy || sync || batch.Bytes > InlineBytes)
            {
                ThrowIfFull(batch);
                waiting = Enqueue(new(batch, sync));
            }
            else
            {
                _busy = true;
            }
        }

        if (waiting is not null)
        {
            return new(waiting.Completion.Task);
        }

        try
        {
            if (_admission.Decide(batch) is { } refusal)
            {
                throw refusal;
            }

            if (!batch.IsSettled)
            {
                changes.Record(batch);
                Apply(batch.Native, sync: false);
                Remember(batch);
            }

            return default;
        }
        finally
        {
            Release();
        }
    }

    // Work that no write may run beside, on the queue's thread in its turn; what comes meanwhile waits.
    internal Task RunAsync(Action work)
    {
        lock (_gate)
        {
            return _refusal is null ? Enqueue(new(work)).Completion.Task : throw _refusal.Again();
        }
    }

    // Fails what is still queued; a write that runs is left to end.
    public void Dispose()
    {
        Refuse(StoreFailures.NotOpen());
        _work.Release();
    }

    // Refused at once instead of queueing for ever.
    private void ThrowIfFull(StoreBatch batch)
    {
        if (_pending.Count >= limits.WaitingWrites || (_pendingBytes + batch.Bytes > limits.WaitingWriteBytes && _pending.Count > 0))
        {
            throw new RaveException(ErrorCodes.Overloaded, "Too many writes are waiting; try again shortly.");
        }
    }

    private PendingWrite Enqueue(PendingWrite write)
    {
        _pending.Enqueue(write);
        _pendingBytes += write.Bytes;
        if (!_busy)
        {
            _busy = true;
            WakeThread();
        }

        return write;
    }

    // False while somebody else writes; otherwise nobody else does until Release.
    private bool TryBegin()
    {
        lock (_gate)
        {
            if (_refusal is not null)
            {
                throw _refusal.Again();
            }

            return !_busy && (_busy = true);
        }
    }

    // The inline writer is done: whoever came meanwhile is the thread's.
    private void Release()
    {
        lock (_gate)
        {
            if (_pending.Count > 0)
            {
                WakeThread();
            }
            else
            {
                _busy = false;
            }
        }
    }

    private void Remember(StoreBatch batch)
    {
        if (batch.Session is { } write)
        {
            sessions.Remember(write);
        }
    }

    private void Apply(LevelWriteBatch batch, bool sync)
    {
        try
        {
            database.Write(batch, sync);
            changes.Publish();
        }
        catch (Exception cause) when (cause is LevelDbException or ObjectDisposedException)
        {
            changes.Discard();
            throw Failed(cause);
        }
    }

    private RaveException Failed(Exception cause)
    {
        RaveException failure = Failures.From(cause)!;
        if (cause is ObjectDisposedException)
        {
            return failure;
        }

        // After one failed append LevelDB goes on acknowledging writes that a reopening loses: take none from here on.
        Refuse(new(failure.Code, $"Writes are refused since one failed: {failure.Message}", failure) { DiskFull = failure.DiskFull });
        return new(failure.Code, failure.Message, cause) { DiskFull = failure.DiskFull, MayHaveBeenApplied = true };
    }

    private void Refuse(RaveException refusal)
    {
        PendingWrite[] abandoned;
        lock (_gate)
        {
            // A write that fails while the queue closes must not keep its thread waiting for more.
            _refusal = _refusal is { Code: ErrorCodes.DatabaseNotOpen } ? _refusal : refusal;
            abandoned = [.. _pending];
            _pending.Clear();
            _pendingBytes = 0;
        }

        foreach (PendingWrite write in abandoned)
        {
            write.Complete(refusal.Again());
        }
    }
}
