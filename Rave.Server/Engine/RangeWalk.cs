using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Sees an entry on a walk, and says whether to go on to the next. The spans are good for the call.
internal delegate bool WalkVisitor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

// Walks a range in either direction and steps over the reserved keys: the only way in which entries are read one after the other.
// LevelDB steps over a block that it cannot read, remembers why, and goes on as if nothing were missing. So nothing that was visited may leave
// its visitor's hands before the walk has returned, which says that nothing was stepped over: it asks LevelDB after the last step, wherever the visitor stops.
// Pins LevelDB's files while it runs: give it a page, never a whole database.
internal sealed class RangeWalk(LevelDatabase database, LevelSnapshot? snapshot, KeyRange range)
{
    internal bool Reverse { get; init; }

    // Whether the visitor gets values. LevelDB is asked for each part of an entry: the call takes longer than a copy.
    internal bool Values { get; init; }

    // Whether the reserved keys are visited too.
    internal bool Reserved { get; init; }

    internal void Run(WalkVisitor visit)
    {
        if (range.IsEmpty)
        {
            return;
        }

        using LevelIterator iterator = database.CreateIterator(snapshot);
        SeekFirst(iterator);
        while (iterator.Valid)
        {
            ReadOnlySpan<byte> key = iterator.Key;
            if (!InRange(key))
            {
                break;
            }

            if (!Reserved && ReservedKeys.Contains(key))
            {
                SkipReserved(iterator);
            }
            else if (visit(key, Values ? iterator.Value : default))
            {
                Step(iterator);
            }
            else
            {
                break;
            }
        }

        iterator.ThrowIfFailed();
    }

    private void SeekFirst(LevelIterator iterator)
    {
        if (Reverse)
        {
            SeekBefore(iterator, range.End);
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
    private static void SeekBefore(LevelIterator iterator, byte[]? key)
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

    private void Step(LevelIterator iterator)
    {
        if (Reverse)
        {
            iterator.Previous();
        }
        else
        {
            iterator.Next();
        }
    }

    private void SkipReserved(LevelIterator iterator)
    {
        if (Reverse)
        {
            SeekBefore(iterator, ReservedKeys.Prefix);
        }
        else
        {
            iterator.Seek(ReservedKeys.End);
        }
    }

    private bool InRange(ReadOnlySpan<byte> key) => Reverse
        ? range.Start is null || key.SequenceCompareTo(range.Start) >= 0
        : range.End is null || key.SequenceCompareTo(range.End) < 0;
}
