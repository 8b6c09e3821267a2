using Rave.Server.Contracts;
using Rave.Server.LevelDb;

namespace Rave.Server.Storage;

// One writer at a time. An uncontended small write runs at once on its caller; those that come meanwhile wait and are merged
// into one LevelDB batch by the queue's own thread, where sync and large writes go too: a native call that can block for long
// never sits on thread-pool threads in number.
// The writer also decides each write at the moment it is applied: what it depends on and the write itself are one step.
internal sealed class WriteQueue(LevelDatabase database, ChangeFeed changes, Sessions sessions) : IDisposable
{
    // What one merged batch gathers: LevelDB's own group commit stops at 1 MiB as well (db_impl.cc, BuildBatchGroup).
    private const long GroupBytes = 1 << 20;

    // Larger writes may wait for LevelDB to make room, so they do it on the queue's thread.
    private const long InlineBytes = 64 << 10;

    // What may wait: past either, a write is refused at once instead of queueing for ever.
    private const long PendingBytes = 256L << 20;
    private const int PendingWrites = 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<PendingWrite> _pending = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly Admission _admission = new(database, sessions);

    // The thread's alone: whose writes are in the group.
    private readonly HashSet<string> _sessionsInGroup = [];
    private Thread? _thread;
    private long _pendingBytes;
    private bool _busy;
    private LevelException? _refusal;

    // Why writes are refused; null while they are not.
    internal LevelException? Refusal => Volatile.Read(ref _refusal);

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

    internal ValueTask WriteAsync(WriteBatch batch, bool sync)
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
                waiting = Enqueue(batch, sync);
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

    // Fails what is still queued; a write that runs is left to end.
    public void Dispose()
    {
        Refuse(Failures.NotOpen());
        _work.Release();
    }

    private PendingWrite Enqueue(WriteBatch batch, bool sync)
    {
        if (_pending.Count >= PendingWrites || (_pendingBytes + batch.Bytes > PendingBytes && _pending.Count > 0))
        {
            throw new LevelException(ErrorCodes.Overloaded, "Too many writes are waiting; try again shortly.");
        }

        PendingWrite write = new(batch, sync);
        _pending.Enqueue(write);
        _pendingBytes += batch.Bytes;
        if (!_busy)
        {
            _busy = true;
            WakeThread();
        }

        return write;
    }

    private void WakeThread()
    {
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "RaveLevel writer" };
            _thread.Start();
        }

        _work.Release();
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

    private void Run()
    {
        List<PendingWrite> group = [];
        while (true)
        {
            _work.Wait();
            while (Take(group))
            {
                Apply(group);
                group.Clear();
            }

            lock (_gate)
            {
                if (_refusal is { Code: ErrorCodes.DatabaseNotOpen })
                {
                    return;
                }
            }
        }
    }

    private bool Take(List<PendingWrite> group)
    {
        lock (_gate)
        {
            long bytes = 0;
            _sessionsInGroup.Clear();
            while (_pending.TryPeek(out PendingWrite? next) && (group.Count == 0 || Joins(next.Batch, bytes)))
            {
                group.Add(_pending.Dequeue());
                bytes += next.Batch.Bytes;
                if (next.Batch.Session is { } write)
                {
                    _sessionsInGroup.Add(write.Key.Session);
                }
            }

            _pendingBytes -= bytes;
            if (group.Count == 0)
            {
                _busy = false;
            }

            return group.Count > 0;
        }
    }

    // A conditional write is decided by what is stored, so all that came before it must be applied first: it never joins a group, it begins one.
    // So does a session's second write in a group, which is decided by what became of the first.
    private bool Joins(WriteBatch batch, long bytes) => !batch.BeginsGroup && bytes + batch.Bytes <= GroupBytes
        && (batch.Session is null || !_sessionsInGroup.Contains(batch.Session.Key.Session));

    private void Apply(List<PendingWrite> group)
    {
        group.RemoveAll(IsSettled);
        if (group.Count == 0)
        {
            return;
        }

        LevelWriteBatch merged = group[0].Batch.Native;
        LevelException? failure = null;
        try
        {
            bool sync = false;
            for (int i = 0; i < group.Count; i++)
            {
                changes.Record(group[i].Batch);
                sync |= group[i].Sync;
                if (i > 0)
                {
                    merged.Append(group[i].Batch.Native);
                }
            }

            Apply(merged, sync);
            group.ForEach(write => Remember(write.Batch));
        }
        catch (LevelException e)
        {
            failure = e;
        }

        foreach (PendingWrite write in group)
        {
            write.Complete(failure?.Again());
        }
    }

    // Whether a write is answered without being applied.
    private bool IsSettled(PendingWrite write)
    {
        LevelException? refusal = _admission.Decide(write.Batch);
        if (refusal is null && !write.Batch.IsSettled)
        {
            return false;
        }

        write.Complete(refusal);
        return true;
    }

    private void Remember(WriteBatch batch)
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
        catch (LevelDbException e)
        {
            changes.Discard();
            // After one failed append LevelDB goes on acknowledging writes that a reopening loses: take none from here on.
            LevelException failure = Failures.From(e)!;
            Refuse(new(failure.Code, $"Writes are refused since one failed: {failure.Message}", failure) { DiskFull = failure.DiskFull });
            throw new LevelException(failure.Code, failure.Message, e) { DiskFull = failure.DiskFull, MayHaveBeenApplied = true };
        }
        catch (ObjectDisposedException)
        {
            changes.Discard();
            throw Failures.NotOpen();
        }
    }

    private void Refuse(LevelException refusal)
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
