using Rave.Server.Contracts;
using Rave.Server.LevelDb;

namespace Rave.Server.Storage;

internal sealed partial class Store
{
    // The value, or null when there is none.
    internal byte[]? Get(ReadOnlySpan<byte> key)
    {
        CheckReadable(key);
        try
        {
            Counts.CountGets(1);
            return _database.Get(key);
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    internal bool Has(ReadOnlySpan<byte> key)
    {
        CheckReadable(key);
        try
        {
            Counts.CountGets(1);
            return _database.Has(key);
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // The values in the order of the keys, all as they were at one moment. The visitor's span is good for its call.
    internal void GetMany(IReadOnlyList<byte[]> keys, Action<byte[], byte[]?> visit)
    {
        try
        {
            Counts.CountGets(keys.Count);
            using LevelSnapshot snapshot = _database.CreateSnapshot();
            long bytes = 0;
            foreach (byte[] key in keys)
            {
                CheckReadable(key);
                byte[]? value = _database.Get(key, snapshot);
                bytes += key.Length + (value?.Length ?? 0);
                if (bytes > Limits.GetManyBytes)
                {
                    throw new LevelException(ErrorCodes.TooLarge, $"The answer would be larger than {Limits.GetManyBytes} bytes; ask for fewer keys at once.");
                }

                visit(key, value);
            }
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // Which of the keys exist, all at one moment.
    internal bool[] HasMany(IReadOnlyList<byte[]> keys)
    {
        try
        {
            Counts.CountGets(keys.Count);
            using LevelSnapshot snapshot = _database.CreateSnapshot();
            bool[] found = new bool[keys.Count];
            for (int i = 0; i < found.Length; i++)
            {
                CheckReadable(keys[i]);
                found[i] = _database.Has(keys[i], snapshot);
            }

            return found;
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    private void CheckReadable(ReadOnlySpan<byte> key)
    {
        if (key.Length > Limits.KeyBytes)
        {
            throw KeyTooLarge(key.Length);
        }
    }

    private LevelException KeyTooLarge(int length) =>
        new(ErrorCodes.TooLarge, $"The key has {length} bytes; the limit is {Limits.KeyBytes}.");
}
