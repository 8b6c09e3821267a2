using System.Diagnostics;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Reads a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The value, or <see langword="default"/> when there is none. For value types, <see cref="TryGetAsync"/> tells none from zero.</returns>
    /// <exception cref="RaveException"><c>LEVEL_DATABASE_NOT_OPEN</c> on a closed handle; <c>LEVEL_CONNECTION_LOST</c> when nobody answered in time;
    /// <c>LEVEL_SNAPSHOT_NOT_OPEN</c> when the snapshot is gone; <c>LEVEL_DECODE_ERROR</c> when the stored bytes are not of this encoding; <c>LEVEL_CORRUPTION</c> or <c>LEVEL_IO_ERROR</c> from LevelDB.</exception>
    public async ValueTask<TValue?> GetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        (_, TValue? value) = await TryGetAsync(key, options, cancellationToken).ConfigureAwait(false);
        return value;
    }

    /// <summary>Reads a value and says whether there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there is an entry, and its value.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync"/>.</exception>
    public async ValueTask<(bool Found, TValue? Value)> TryGetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        using Activity? span = Tracing.Start("get", Database);
        try
        {
            byte[] bytes = EncodeKey(key);
            byte[]? value = await Database.GetAsync(bytes, options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            return value is null ? (false, default) : (true, DecodeValue(value, bytes));
        }
        catch (Exception failure) when (span.Notes(failure))
        {
            throw;
        }
    }

    /// <summary>Reads several values, all as they are at one moment.</summary>
    /// <param name="keys">Their keys.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A value for each key in the same order, <see langword="default"/> where there is none.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync"/>; <c>LEVEL_TOO_LARGE</c> when the values exceed the answer's limit.</exception>
    public async ValueTask<TValue?[]> GetManyAsync(IEnumerable<TKey> keys, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        using Activity? span = Tracing.Start("get-many", Database);
        try
        {
            byte[][] bytes = EncodeKeys(keys);
            byte[]?[] values = await Database.GetManyAsync(bytes, options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            return [.. values.Select((value, i) => value is null ? default : DecodeValue(value, bytes[i]))];
        }
        catch (Exception failure) when (span.Notes(failure))
        {
            throw;
        }
    }

    /// <summary>Tells whether there is an entry.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="true"/> if there is.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync"/>.</exception>
    public async ValueTask<bool> HasAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        using Activity? span = Tracing.Start("has", Database);
        try
        {
            bool[] found = await Database.HasManyAsync([EncodeKey(key)], options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            return found[0];
        }
        catch (Exception failure) when (span.Notes(failure))
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
        using Activity? span = Tracing.Start("has-many", Database);
        try
        {
            return await Database.HasManyAsync(EncodeKeys(keys), options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (span.Notes(failure))
        {
            throw;
        }
    }

    private byte[][] EncodeKeys(IEnumerable<TKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return [.. keys.Select(EncodeKey)];
    }
}
