using Rave.Server.LevelDb;

namespace Rave.Server.Engine;

// The queue's own thread, which is started when it is first needed: it merges what waits into groups.
internal sealed partial class WriteQueue
{
    // What one merged batch gathers: LevelDB's own group commit stops at 1 MiB as well (db_impl.cc, BuildBatchGroup).
    private const long GroupBytes = 1 << 20;

    private readonly SemaphoreSlim _work = new(0);

    // The thread's alone: whose writes are in the group.
    private readonly HashSet<string> _sessionsInGroup = [];
    private Thread? _thread;

    private void WakeThread()
    {
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "RaveLevel writer" };
            _thread.Start();
        }

        _work.Release();
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
            while (_pending.TryPeek(out PendingWrite? next) && (group.Count == 0 || (group[0].Work is null && next.Work is null && Joins(next.Batch, bytes))))
            {
                group.Add(_pending.Dequeue());
                bytes += next.Bytes;
                if (next.Work is null && next.Batch.Session is { } write)
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
    private bool Joins(StoreBatch batch, long bytes) => !batch.BeginsGroup && bytes + batch.Bytes <= GroupBytes
        && (batch.Session is null || !_sessionsInGroup.Contains(batch.Session.Key.Session));

    private void Apply(List<PendingWrite> group)
    {
        if (group[0].Work is { } work)
        {
            group[0].Complete(FailureOf(work));
            return;
        }

        group.RemoveAll(IsSettled);
        if (group.Count == 0)
        {
            return;
        }

        LevelWriteBatch merged = group[0].Batch.Native;
        RaveException? failure = null;
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
        catch (RaveException e)
        {
            failure = e;
        }

        foreach (PendingWrite write in group)
        {
            write.Complete(failure?.Again());
        }
    }

    private RaveException? FailureOf(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (LevelDbException cause)
        {
            return Failed(cause);
        }
        catch (Exception cause)
        {
            // Whatever it was, it concerns this work alone: here it would end the process.
            return Failures.From(cause) ?? new(ErrorCodes.IoError, cause.Message, cause);
        }
    }

    // Whether a write is answered without being applied.
    private bool IsSettled(PendingWrite write)
    {
        RaveException? refusal = _admission.Decide(write.Batch);
        if (refusal is null && !write.Batch.IsSettled)
        {
            return false;
        }

        write.Complete(refusal);
        return true;
    }
}
