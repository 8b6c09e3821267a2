using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Compacts ranges in steps, so that stopping and writes wait for one step and never for gigabytes. No write runs during a step:
// LevelDB 1.23 crashes if a sync or a flush of the memtable fails during a requested compaction (db_impl.cc: BackgroundCompaction
// reads the request that its waiter has taken back). LevelDB runs one compaction at a time, so a second one waits for the first.
internal sealed class Compaction(LevelDatabase database, int keyBytes, Func<Action, Task> runWithoutWrites, long stepBytes = 16 << 20)
{
    // How often the search for the end of a step halves its range: enough to tell apart keys of thirty bytes.
    private const int Halvings = 256;

    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    internal async Task RunAsync(KeyRange range, CancellationToken cancellationToken)
    {
        if (range.IsEmpty)
        {
            return;
        }

        Task own;
        lock (_gate)
        {
            Task before = _last;
            own = _last = Task.Run(() => RunAfterAsync(before, range, cancellationToken), CancellationToken.None);
        }

        await own.ConfigureAwait(false);
    }

    // Consecutive pieces of the range, each of at most about stepBytes. They are computed one by one.
    internal IEnumerable<KeyRange> Steps(KeyRange range)
    {
        byte[] end = range.End ?? KeyRange.EndOfKeys(keyBytes);
        byte[]? start = range.Start;
        while (StepEnd(start ?? [], end) is { } border)
        {
            yield return new(start, border);
            start = border;
        }

        yield return range with { Start = start };
    }

    private async Task RunAfterAsync(Task before, KeyRange range, CancellationToken cancellationToken)
    {
        // Its failure belongs to its own caller.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using IEnumerator<KeyRange> steps = Steps(range).GetEnumerator();
        while (steps.MoveNext())
        {
            // Checked before each step, and not after the last: a finished compaction is not reported as cancelled.
            cancellationToken.ThrowIfCancellationRequested();
            KeyRange step = steps.Current;
            await runWithoutWrites(() => database.Compact(step.Start, step.End)).ConfigureAwait(false);
        }
    }

    // The end of a step that begins at start, so that the step has between half of stepBytes and stepBytes.
    // Null if the rest is one step. LevelDB knows sizes without reading data.
    private byte[]? StepEnd(byte[] start, byte[] end)
    {
        if (database.ApproximateSize(start, end) <= stepBytes)
        {
            return null;
        }

        byte[] low = start;
        byte[] high = end;
        long size = 0;
        for (int i = 0; i < Halvings && size < stepBytes / 2 && KeyRange.Middle(low, high) is { } middle; i++)
        {
            long before = database.ApproximateSize(start, middle);
            if (before > stepBytes)
            {
                high = middle;
            }
            else
            {
                low = middle;
                size = before;
            }
        }

        // There is no border inside one large value or between very similar keys. The step is larger then.
        byte[] border = size > 0 ? low : high;
        return border == end ? null : border;
    }
}
