using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// Gets an entry, and returns whether to continue. The spans are valid during the call.
internal delegate bool WalkVisitor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

// Walks a range in either direction, without the reserved keys. All sequential reads go through it.
// LevelDB skips a block that it cannot read, remembers the error, and continues as if nothing were missing. The walk asks for this
// error at its end. So the visitor must not pass on any entry before the walk has returned.
// It keeps LevelDB's files open while it runs: use it for a page, never for a whole database.
internal sealed class RangeWalk(LevelDatabase database, LevelSnapshot? snapshot, KeyRange range)
{
    internal bool Reverse { get; init; }

    // Whether the visitor gets values. Each needs another call into LevelDB.
    internal bool Values { get; init; }

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
            if (!(Reverse ? range.BeginsAtOrBefore(key) : range.EndsAfter(key)))
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
}
