using Rave.Server.LevelDb;

namespace Rave.Server.Storage;

// Walks a range in either direction and steps over the reserved keys. Pins LevelDB's files while it lives: fill a page and dispose.
internal sealed class RangeCursor(LevelIterator iterator, KeyRange range, bool reverse) : IDisposable
{
    private bool _started;

    // Good until the next move.
    internal ReadOnlySpan<byte> Value => iterator.Value;

    // The key is good until the next move.
    internal bool MoveNext(out ReadOnlySpan<byte> key)
    {
        key = default;
        if (_started)
        {
            Step();
        }
        else if (range.IsEmpty)
        {
            return false;
        }
        else
        {
            _started = true;
            SeekFirst();
        }

        while (iterator.Valid)
        {
            key = iterator.Key;
            if (!InRange(key))
            {
                return false;
            }

            if (!ReservedKeys.Contains(key))
            {
                return true;
            }

            SkipReserved();
        }

        return false;
    }

    public void Dispose() => iterator.Dispose();

    private void SeekFirst()
    {
        if (reverse)
        {
            SeekBefore(range.End);
        }
        else if (range.Start is null)
        {
            iterator.SeekToFirst();
        }
        else
        {
            iterator.Seek(range.Start);
        }
    }

    // To the last entry before the key.
    private void SeekBefore(byte[]? key)
    {
        if (key is null)
        {
            iterator.SeekToLast();
            return;
        }

        iterator.Seek(key);
        if (iterator.Valid)
        {
            iterator.Previous();
        }
        else
        {
            iterator.SeekToLast();
        }
    }

    private void Step()
    {
        if (reverse)
        {
            iterator.Previous();
        }
        else
        {
            iterator.Next();
        }
    }

    private void SkipReserved()
    {
        if (reverse)
        {
            SeekBefore(ReservedKeys.Prefix);
        }
        else
        {
            iterator.Seek(ReservedKeys.End);
        }
    }

    private bool InRange(ReadOnlySpan<byte> key) => reverse
        ? range.Start is null || key.SequenceCompareTo(range.Start) >= 0
        : range.End is null || key.SequenceCompareTo(range.End) < 0;
}
