using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Compacts ranges step by step, so that stopping waits for one step and never for gigabytes, and so do writes: LevelDB 1.23 crashes where a sync or the
// writing of a memtable fails beside a compaction that was asked for (db_impl.cc: BackgroundCompaction reads the request that its waiter has taken back).
// One compaction at a time, since LevelDB itself works on one: a second one waits for its turn, and then does its own range.
internal sealed class Compaction(LevelDatabase database, int keyBytes, Func<Action, Task> besideNoWrite, long stepBytes = 16 << 20)
{
    // Halvings of the keys between two borders of a step: more than it takes to tell apart keys of thirty bytes.
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

    // The range cut into pieces that follow one another, each about as large as a step at most, worked out as they are asked for.
    internal IEnumerable<KeyRange> Steps(KeyRange range)
    {
        byte[] end = range.End ?? KeyRange.Behind(keyBytes);
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
        // Whatever became of it is told to who asked for it.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using IEnumerator<KeyRange> steps = Steps(range).GetEnumerator();
        while (steps.MoveNext())
        {
            // Before a step and not behind the last: what is done is not told to have been cancelled.
            cancellationToken.ThrowIfCancellationRequested();
            KeyRange step = steps.Current;
            await besideNoWrite(() => database.Compact(step.Start, step.End)).ConfigureAwait(false);
        }
    }

    // Where a step that begins here ends: the last border found with no more than a step before it, but at least half of one.
    // Null where all that is left is one step. Asks for sizes, which LevelDB knows without reading data.
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

        // No border is found inside a single large value, or between keys that hardly differ: the step is larger then.
        byte[] border = size > 0 ? low : high;
        return border == end ? null : border;
    }
}
