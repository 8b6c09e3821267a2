using Rave.Server.LevelDb;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    public ValueTask<T> GetAsync<T>(ReadOnlyMemory<byte> key, string? snapshot, ValueReader<T> reader, CancellationToken cancellationToken)
    {
        LevelValue found = FindOne(key.Span, snapshot);
        try
        {
            // The snapshot and the database are free again: the reader may be a caller's code, and closing must not wait for that.
            return new(reader.Read(found.Exists, key.Span, found.Bytes));
        }
        finally
        {
            found.Free();
        }
    }

    public ValueTask<PooledBuffer> ReadManyAsync(ReadOnlyMemory<byte> keys, string? snapshot, CancellationToken cancellationToken)
    {
        int count = CountKeys(keys.Span);
        PooledBuffer answer = new();
        try
        {
            _counts.CountGets(count);
            // A single read needs no snapshot to see one moment.
            using SnapshotUse moment = snapshot is null && count <= 1 ? default : Snapshots.UseOrTake(snapshot);
            ReadMany(keys.Span, moment.Snapshot, answer, cancellationToken);
            return new(answer);
        }
        catch (Exception e) when (LevelDbFailures.From(e) is { } failure)
        {
            answer.Dispose();
            throw failure;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private void ReadMany(ReadOnlySpan<byte> keys, LevelSnapshot? moment, PooledBuffer answer, CancellationToken cancellationToken)
    {
        long bytes = 0;
        OperationsBinaryReader reader = new(keys);
        while (reader.ReadKey())
        {
            cancellationToken.ThrowIfCancellationRequested();
            LevelValue found = Find(reader.Key, moment);
            try
            {
                bool withValue = reader.Type == OperationType.Get;
                bytes += reader.Key.Length + (withValue ? found.Bytes.Length : 0);
                if (bytes > Limits.GetManyBytes)
                {
                    throw new RaveException(
                        ErrorCodes.TooLarge, $"The answer would be larger than {Limits.GetManyBytes} bytes. Ask for fewer keys at once.");
                }

                if (found.Exists)
                {
                    EntriesBinaryWriter.WriteEntry(answer, default, found.Bytes, withKey: false, withValue);
                }
                else
                {
                    EntriesBinaryWriter.WriteMissing(answer);
                }
            }
            finally
            {
                found.Free();
            }
        }

        EntriesBinaryWriter.WriteEnd(answer);
    }

    private LevelValue FindOne(ReadOnlySpan<byte> key, string? snapshot)
    {
        try
        {
            _counts.CountGets(1);
            using SnapshotUse use = Snapshots.Use(snapshot);
            return Find(key, use.Snapshot);
        }
        catch (Exception e) when (LevelDbFailures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // The value in LevelDB's memory. The caller frees it. Reserved keys are never found.
    private LevelValue Find(ReadOnlySpan<byte> key, LevelSnapshot? snapshot)
    {
        OperationLimits.CheckKeyLength(key.Length, Limits);
        return ReservedKeys.Contains(key) ? default : _database.Find(key, snapshot);
    }

    private int CountKeys(ReadOnlySpan<byte> keys)
    {
        int count = 0;
        OperationsBinaryReader reader = new(keys);
        while (reader.ReadKey())
        {
            count++;
        }

        return count <= Limits.GetManyKeys ? count : throw KeysJsonReader.TooMany(Limits.GetManyKeys);
    }
}
