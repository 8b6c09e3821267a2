using System.Buffers;
using Rave.Client.Telemetry;
using Rave.Server.Protocol;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    private delegate T[] ManyDecoder<T>(
        AbstractLevel<TKey, TValue> level, ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer, int count);

    /// <summary>Reads several values at one moment.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>
    /// A task that completes with a value for each key, in the same order; <see langword="default"/> for a missing entry. For value types,
    /// only <see cref="TryGetManyAsync(IEnumerable{TKey}, ReadOptions, CancellationToken)"/> distinguishes a missing entry from a default
    /// value.
    /// </returns>
    /// <exception cref="RaveException">
    /// As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>. <c>LEVEL_TOO_LARGE</c>: the answer exceeds
    /// <see cref="Limits.GetManyBytes"/>, or there are more keys than <see cref="Limits.GetManyKeys"/>.
    /// </exception>
    public ValueTask<TValue?[]> GetManyAsync(
        IEnumerable<TKey> keys, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        ReadManyAsync(
            "get-many",
            keys,
            OperationsBinaryWriter.Get,
            static (level, operations, answer, count) => level.DecodeMany(operations, answer, count, static lookup => lookup.Value),
            options,
            cancellationToken);

    /// <summary>Reads several values at one moment, and distinguishes missing entries from default values.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>A task that completes with a result for each key, in the same order.</returns>
    /// <exception cref="RaveException">As for <see cref="GetManyAsync(IEnumerable{TKey}, ReadOptions, CancellationToken)"/>.</exception>
    public ValueTask<Lookup<TValue>[]> TryGetManyAsync(
        IEnumerable<TKey> keys, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        ReadManyAsync(
            "get-many",
            keys,
            OperationsBinaryWriter.Get,
            static (level, operations, answer, count) => level.DecodeMany(operations, answer, count, static lookup => lookup),
            options,
            cancellationToken);

    /// <summary>Determines at one moment which of several entries exist.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>A task that completes with an answer for each key, in the same order.</returns>
    /// <exception cref="RaveException">
    /// As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>. <c>LEVEL_TOO_LARGE</c>: there are more keys than
    /// <see cref="Limits.GetManyKeys"/>.
    /// </exception>
    public ValueTask<bool[]> HasManyAsync(
        IEnumerable<TKey> keys, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        ReadManyAsync(
            "has-many",
            keys,
            OperationsBinaryWriter.Has,
            static (_, _, answer, count) => EntriesBinaryReader.ReadFound(answer, count),
            options,
            cancellationToken);

    private async ValueTask<T[]> ReadManyAsync<T>(
        string name,
        IEnumerable<TKey> keys,
        Action<IBufferWriter<byte>, ReadOnlySpan<byte>> write,
        ManyDecoder<T> decode,
        ReadOptions options,
        CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start(name, Database);
        try
        {
            ArgumentNullException.ThrowIfNull(keys);
            IReadOnlyList<TKey> list = keys as IReadOnlyList<TKey> ?? [.. keys];
            using PooledBuffer operations = Encode(list, write);
            using PooledBuffer answer = await Database.Store
                .ReadManyAsync(operations.Written, options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            return decode(this, operations.WrittenSpan, answer.WrittenSpan, list.Count);
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

    private T[] DecodeMany<T>(ReadOnlySpan<byte> operations, ReadOnlySpan<byte> answer, int count, Func<Lookup<TValue>, T> make)
    {
        T[] values = new T[count];
        OperationsBinaryReader keys = new(operations);
        EntriesBinaryReader entries = new(answer);
        for (int i = 0; i < count; i++)
        {
            keys.Read();
            entries.Read();
            values[i] = make(entries.Found ? new(DecodeValue(entries.Value, keys.Key)) : default);
        }

        return values;
    }
}
