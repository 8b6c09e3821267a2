using System.Buffers;
using Rave.Client.Telemetry;
using Rave.Server.LevelDb;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Reads several values, all as they are at one moment.</summary>
    /// <param name="keys">Their keys.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A value for each key in the same order, <see langword="default"/> where there is none.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync"/>; <c>LEVEL_TOO_LARGE</c> when the values exceed the answer's limit.</exception>
    public async ValueTask<TValue?[]> GetManyAsync(IEnumerable<TKey> keys, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("get-many", Database);
        try
        {
            ArgumentNullException.ThrowIfNull(keys);
            IReadOnlyList<TKey> asked = keys as IReadOnlyList<TKey> ?? [.. keys];
            if (TryGetManyOwn(asked, options.Snapshot?.IdFor(Database), cancellationToken) is { } own)
            {
                return own;
            }

            byte[][] bytes = EncodeKeys(asked);
            byte[]?[] values = await Database.GetManyAsync(bytes, options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            // Bytes were read for this caller alone.
            return ValueEncoding is BytesEncoding ? (TValue?[])(object)values : [.. values.Select((value, i) => value is null ? default : DecodeValue(value, bytes[i]))];
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
    /// <exception cref="RaveException">As of <see cref="GetAsync"/>.</exception>
    public async ValueTask<bool[]> HasManyAsync(IEnumerable<TKey> keys, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("has-many", Database);
        try
        {
            return await Database.HasManyAsync(EncodeKeys(keys), options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    // As TryGetOwn. Null when this process does not lead. Values are decoded when LevelDB's moment is over: closing never waits for an encoding.
    private TValue?[]? TryGetManyOwn(IReadOnlyList<TKey> keys, string? snapshot, CancellationToken cancellationToken)
    {
        if (!Database.Leads)
        {
            return null;
        }

        int count = keys.Count;
        using KeyList bytes = new(count);
        for (int i = 0; i < count; i++)
        {
            EncodeKey(keys[i], bytes.Bytes);
            bytes.EndKey();
        }

        LevelValue[] found = ArrayPool<LevelValue>.Shared.Rent(count);
        found.AsSpan(0, count).Clear();
        try
        {
            return Database.TryFindMany(bytes, snapshot, found, cancellationToken) ? DecodeValues(bytes, found) : null;
        }
        finally
        {
            foreach (LevelValue value in found.AsSpan(0, count))
            {
                value.Free();
            }

            ArrayPool<LevelValue>.Shared.Return(found);
        }
    }

    private TValue?[] DecodeValues(KeyList keys, LevelValue[] found)
    {
        TValue?[] values = new TValue?[keys.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = found[i].Exists ? DecodeValue(found[i].Bytes, keys[i]) : default;
        }

        return values;
    }

    private byte[][] EncodeKeys(IEnumerable<TKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return [.. keys.Select(EncodeKey)];
    }
}
