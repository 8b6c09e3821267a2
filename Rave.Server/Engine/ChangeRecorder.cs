using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Turns a batch that is about to be written into the changes that subscribers get.
internal static class ChangeRecorder
{
    // Null if subscribers see nothing of it: it is empty, or all its keys are reserved.
    // A clear is one change if no key in its range was put meanwhile.
    internal static ChangeBatch? Record(StoreBatch batch, Func<byte[], byte[], bool> putMeanwhile)
    {
        // Rented in full length, so that a large batch is not copied from array to array.
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
        return batch.ClearPosition is null ? changes : AsClear(changes, putMeanwhile) ?? changes;
    }

    // The deleted keys of a clear as one range, from the first to the last: it deleted every key between them.
    // Null if that is no longer true, because a key was put between them after the clear had read the range.
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
