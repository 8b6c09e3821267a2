using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// One writer at a time. A small write runs at once on its caller's thread if nothing else is written. Otherwise writes wait, and the
// queue's thread merges them into one LevelDB batch. Sync and large writes also go to that thread: native calls that can block for
// long must not occupy many threads of the pool.
// The writer checks the conditions of a write right before it applies the write, so both are one step.
internal sealed partial class WriteQueue(
    LevelDatabase database, ChangeFeed changes, Sessions sessions, Limits limits, RaveException? refusal) : IDisposable
{
    // Larger writes may wait until LevelDB has room, so they run on the queue's thread.
    private const long InlineBytes = 64 << 10;

    private readonly Lock _gate = new();
    private readonly Queue<PendingWrite> _pending = new();
    private readonly WriteDecision _decision = new(database, sessions);

    private long _pendingBytes;
    private bool _busy;
    private RaveException? _refusal = refusal;

    // Why writes are refused. Null while they are accepted.
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

    // One small put or delete without conditions, while nothing else is written and the change feed is off: most writes of a leader's own
    // program. A batch would cost memory and three more native calls. False if it was not executed: write it as a batch then.
    internal bool TryWrite(OperationType type, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.Length + value.Length > InlineBytes || !TryBegin())
        {
            return false;
        }

        try
        {
            // It cannot be turned on during this write: that takes a turn as well.
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
                throw _refusal.Copy();
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
            if (_decision.Decide(batch) is { } refusal)
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

    // Runs work in its turn on the queue's thread. Later writes wait.
    internal Task RunAsync(Action work)
    {
        lock (_gate)
        {
            return _refusal is null ? Enqueue(new(work: work)).Completion.Task : throw _refusal.Copy();
        }
    }

    // Fails queued writes. A running write ends normally.
    public void Dispose()
    {
        Refuse(StoreFailures.NotOpen());
        _work.Release();
    }

    // A full queue refuses writes at once, so that nobody waits forever.
    private void ThrowIfFull(StoreBatch batch)
    {
        if (_pending.Count >= limits.WaitingWrites || (_pendingBytes + batch.Bytes > limits.WaitingWriteBytes && _pending.Count > 0))
        {
            throw new RaveException(ErrorCodes.Overloaded, "Nothing was written: too many writes are waiting. Try again later.");
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

    // False while another caller writes. If true, no other caller writes until Release.
    private bool TryBegin()
    {
        lock (_gate)
        {
            if (_refusal is not null)
            {
                throw _refusal.Copy();
            }

            return !_busy && (_busy = true);
        }
    }

    // The inline writer has ended. The thread takes the writes that came meanwhile.
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
        RaveException failure = LevelDbFailures.From(cause)!;
        if (cause is ObjectDisposedException)
        {
            return failure;
        }

        // After one failed append, LevelDB acknowledges further writes that are lost when it is opened again. So all are refused.
        string message = "Writes are refused since one failed. The leader reopens the database when the disk can be written again. "
            + $"The failure was: {failure.Message}";
        Refuse(new(failure.Code, message, failure) { DiskFull = failure.DiskFull });
        return new(failure.Code, failure.Message, cause) { DiskFull = failure.DiskFull, MayHaveBeenApplied = true };
    }

    private void Refuse(RaveException refusal)
    {
        PendingWrite[] abandoned;
        lock (_gate)
        {
            // Once closed, it stays closed. Otherwise a write that fails at this moment would keep the thread waiting.
            _refusal = _refusal is { Code: ErrorCodes.DatabaseNotOpen } ? _refusal : refusal;
            abandoned = [.. _pending];
            _pending.Clear();
            _pendingBytes = 0;
        }

        foreach (PendingWrite write in abandoned)
        {
            write.Complete(refusal.Copy());
        }
    }
}
