using Rave.Server.Contracts;
using Rave.Server.LevelDb;

namespace Rave.Server.Storage;

internal sealed partial class Store
{
    // The value, or null when there is none.
    internal byte[]? Get(ReadOnlySpan<byte> key, string? snapshot = null)
    {
        LevelValue value = Find(key, snapshot);
        byte[]? copy = value.Exists ? value.Bytes.ToArray() : null;
        value.Free();
        return copy;
    }

    // The value where LevelDB has it, or none, for whoever asked to free. Reserved keys are not there for anybody.
    internal LevelValue Find(ReadOnlySpan<byte> key, string? snapshot = null)
    {
        try
        {
            Counts.CountGets(1);
            using SnapshotUse? use = Snapshots.Use(snapshot);
            CheckLength(key);
            return ReservedKeys.Contains(key) ? default : _database.Find(key, use?.Snapshot);
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    internal bool Has(ReadOnlySpan<byte> key, string? snapshot = null)
    {
        try
        {
            Counts.CountGets(1);
            using SnapshotUse? use = Snapshots.Use(snapshot);
            return Exists(key, use?.Snapshot);
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // Reads so many keys, all as they were at one moment, or in a snapshot.
    internal MomentReader ReadMoment(int keys, string? snapshot = null)
    {
        try
        {
            Counts.CountGets(keys);
            // What is read in one step is of one moment by itself.
            return new(_database, snapshot is null && keys <= 1 ? null : Snapshots.UseOrTake(snapshot), Limits);
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // Which of the keys exist, all at one moment, or in a snapshot.
    internal bool[] HasMany(IReadOnlyList<byte[]> keys, string? snapshot = null)
    {
        try
        {
            Counts.CountGets(keys.Count);
            using SnapshotUse use = Snapshots.UseOrTake(snapshot);
            bool[] found = new bool[keys.Count];
            for (int i = 0; i < found.Length; i++)
            {
                found[i] = Exists(keys[i], use.Snapshot);
            }

            return found;
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    private bool Exists(ReadOnlySpan<byte> key, LevelSnapshot? snapshot)
    {
        CheckLength(key);
        return !ReservedKeys.Contains(key) && _database.Has(key, snapshot);
    }

    private void CheckLength(ReadOnlySpan<byte> key)
    {
        if (key.Length > Limits.KeyBytes)
        {
            throw new LevelException(ErrorCodes.TooLarge, $"The key has {key.Length} bytes; the limit is {Limits.KeyBytes}.");
        }
    }
}
