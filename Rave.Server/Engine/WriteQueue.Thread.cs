using Rave.Server.LevelDb;

namespace Rave.Server.Engine;

// The queue's thread, which starts when it is first needed. It merges waiting writes into groups.
internal sealed partial class WriteQueue
{
    // The most that one merged batch holds. LevelDB's own group commit also stops at 1 MiB (db_impl.cc, BuildBatchGroup).
    private const long GroupBytes = 1 << 20;

    private readonly SemaphoreSlim _work = new(0);

    // Used by the thread alone.
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
            while (_pending.TryPeek(out PendingWrite? next) && (group.Count == 0 || Joins(group[0], next, bytes)))
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

    // A conditional write depends on stored data, so all earlier writes must be applied first: it begins a group and never joins one.
    // The second write of a session also begins a group: it depends on the result of the first.
    private bool Joins(PendingWrite first, PendingWrite next, long bytes) =>
        first.Work is null && next.Work is null && !next.Batch.BeginsGroup && bytes + next.Bytes <= GroupBytes
        && (next.Batch.Session is not { } write || !_sessionsInGroup.Contains(write.Key.Session));

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
            write.Complete(failure?.Copy());
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
            // Any failure concerns this work alone. On this thread it would end the process.
            return LevelDbFailures.From(cause) ?? new(ErrorCodes.IoError, cause.Message, cause);
        }
    }

    // Completes a write that is not applied: it is refused, or was applied before.
    private bool IsSettled(PendingWrite write)
    {
        RaveException? refusal = _decision.Decide(write.Batch);
        if (refusal is null && !write.Batch.IsSettled)
        {
            return false;
        }

        write.Complete(refusal);
        return true;
    }
}
