using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Turns a batch that is about to be written into what subscribers are told of it.
internal static class ChangeRecorder
{
    // Null where nothing of it shows: it is empty, or all of it is the service's own.
    // Whether a key within a range was put meanwhile decides how a clear is told.
    internal static ChangeBatch? Record(StoreBatch batch, Func<byte[], byte[], bool> putMeanwhile)
    {
        // Rented in its full length: a large batch must not be copied from one array to the next.
        using PooledBuffer packed = new(checked((int)batch.Bytes + ((batch.Count + 1) * ChangeBatch.Framing)));
        int count = 0;
        batch.Native.Visit((isPut, key, value) =>
        {
            if (!ReservedKeys.Contains(key))
            {
                ChangeBatch.Write(packed, isPut ? ChangeType.Put : ChangeType.Delete, key, value);
                count++;
            }
        });
        if (count == 0)
        {
            return null;
        }

        ChangeBatch changes = new(packed.Written.ToArray(), count);
        return batch.ClearsWhatStoodAt is null ? changes : AsClear(changes, putMeanwhile) ?? changes;
    }

    // The dels of a clear as one range, from the first key to the last, for nothing stood between that was not deleted.
    // Null where that does not hold any more: a key was put in between after the clear had looked, and lives on.
    private static ChangeBatch? AsClear(ChangeBatch dels, Func<byte[], byte[], bool> putMeanwhile)
    {
        int offset = 0;
        byte[] from = dels.Read(ref offset).Key.ToArray();
        ReadOnlySpan<byte> last = from;
        for (int i = 1; i < dels.Count; i++)
        {
            last = dels.Read(ref offset).Key;
        }

        byte[] to = last.ToArray();
        if (from.AsSpan().SequenceCompareTo(to) > 0)
        {
            (from, to) = (to, from);
        }

        if (putMeanwhile(from, to))
        {
            return null;
        }

        using PooledBuffer packed = new();
        ChangeBatch.Write(packed, ChangeType.Clear, from, to);
        return new(packed.Written.ToArray(), count: 1);
    }
}
