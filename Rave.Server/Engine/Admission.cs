using Rave.Server.LevelDb;
using Rave.Server.Protocol;

namespace Rave.Server.Engine;

// Decides writes that depend on something: on what is stored, or on whether they were applied before. By the one writer,
// once everything before the write is applied and before anything else can be.
internal sealed class Admission(LevelDatabase database, Sessions sessions)
{
    // Null: it goes ahead, or its session's verdict says otherwise.
    internal RaveException? Decide(StoreBatch batch)
    {
        if (!batch.IsDecided)
        {
            return null;
        }

        try
        {
            return batch.Session is { } write ? Decide(batch, write) : Check(batch);
        }
        catch (Exception cause)
        {
            // Whatever it was, it concerns this write alone: on the queue's thread it would end the process.
            return Failures.From(cause) ?? new(ErrorCodes.IoError, $"A write could not be decided: {cause.Message}", cause);
        }
    }

    private RaveException? Decide(StoreBatch batch, SessionWrite write)
    {
        if (sessions.LookUp(write) is { } refusal)
        {
            return refusal;
        }

        if (write.Verdict == SessionVerdict.GoesAhead)
        {
            if (Check(batch) is { } failed)
            {
                sessions.Refuse(write.Key, failed);
                return failed;
            }

            // In the same batch as what it is about: both are there, or neither.
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
