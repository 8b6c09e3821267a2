using System.Buffers;
using Rave.Client.Telemetry;
using Rave.Server.Protocol;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Reads several values, all as they are at one moment.</summary>
    /// <param name="keys">Their keys.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A value for each key in the same order, <see langword="default"/> where there is none.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>; <c>LEVEL_TOO_LARGE</c> when the values exceed the answer's limit.</exception>
    public async ValueTask<TValue?[]> GetManyAsync(IEnumerable<TKey> keys, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("get-many", Database);
        try
        {
            ArgumentNullException.ThrowIfNull(keys);
            IReadOnlyList<TKey> asked = keys as IReadOnlyList<TKey> ?? [.. keys];
            using PooledBuffer operations = Encode(asked, OperationsBinaryWriter.Get);
            using PooledBuffer answer = await Database.Store
                .ReadManyAsync(operations.Written, options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            return DecodeValues(operations.WrittenSpan, answer.WrittenSpan, asked.Count);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    /// <summary>Tells which entries there are, all at one moment.</summary>
    /// <param name="keys">Their keys.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>An answer for each key in the same order.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public async ValueTask<bool[]> HasManyAsync(IEnumerable<TKey> keys, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("has-many", Database);
        try
        {
            ArgumentNullException.ThrowIfNull(keys);
            IReadOnlyList<TKey> asked = keys as IReadOnlyList<TKey> ?? [.. keys];
            using PooledBuffer operations = Encode(asked, OperationsBinaryWriter.Has);
            using PooledBuffer answer = await Database.Store
                .ReadManyAsync(operations.Written, options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            return EntriesBinaryReader.ReadFound(answer.WrittenSpan, asked.Count);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private PooledBuffer Encode(IReadOnlyList<TKey> keys, Action<IBufferWriter<byte>, ReadOnlySpan<byte>> write)
    {
        PooledBuffer operations = new();
        PooledBuffer key = Scratch.Take();
        try
        {
            for (int i = 0; i < keys.Count; i++)
            {
                key.Clear();
                EncodeKey(keys[i], key);
                write(operations, key.WrittenSpan);
            }

            return operations;
        }
        catch
        {
            operations.Dispose();
            throw;
        }
        finally
        {
            Scratch.Return(key);
        }
    }

    private TValue?[] DecodeValues(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer, int count)
    {
        TValue?[] values = new TValue?[count];
        OperationsBinaryReader keys = new(operations);
        EntriesBinaryReader entries = new(answer);
        for (int i = 0; i < count; i++)
        {
            keys.Read();
            entries.Read();
            values[i] = entries.Found ? DecodeValue(entries.Value, keys.Key) : default;
        }

        return values;
    }
}
