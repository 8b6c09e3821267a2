using Rave.Server.LevelDb;
using Rave.Server.Protocol;

namespace Rave.Server.Engine;

// Decides writes that depend on stored data, or on whether they were applied before. The one writer calls it when all earlier
// writes are applied, and before any later one.
internal sealed class WriteDecision(LevelDatabase database, Sessions sessions)
{
    // Null unless it is refused. The verdict of its session says whether to apply it.
    internal RaveException? Decide(StoreBatch batch)
    {
        if (!batch.NeedsDecision)
        {
            return null;
        }

        try
        {
            return batch.Session is { } write ? Decide(batch, write) : Check(batch);
        }
        catch (Exception cause)
        {
            // Any failure concerns this write alone. On the queue's thread it would end the process.
            return LevelDbFailures.From(cause)
                ?? new(ErrorCodes.IoError, $"The conditions could not be checked, and nothing was written: {cause.Message}", cause);
        }
    }

    private RaveException? Decide(StoreBatch batch, SessionWrite write)
    {
        if (sessions.LookUp(write) is { } refusal)
        {
            return refusal;
        }

        if (write.Verdict == SessionVerdict.Apply)
        {
            if (Check(batch) is { } failed)
            {
                sessions.Refuse(write.Key, failed);
                return failed;
            }

            // In the same batch as the write: both are stored, or neither.
            batch.Native.Put(SessionRecord.KeyOf(write.Key.Session), sessions.RecordOf(write));
        }

        return null;
    }

    private RaveException? Check(StoreBatch batch)
    {
        if (batch.Checks.FirstOrDefault(check => !check.Holds(database)) is { } failed)
        {
            return Precondition.Failed(failed.Key);
        }

        if (batch.Ends is { } end)
        {
            foreach (byte[] record in sessions.End(end))
            {
                batch.Native.Delete(record);
            }
        }

        return null;
    }
}
