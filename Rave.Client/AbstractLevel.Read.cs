using Rave.Client.Coalescing;
using Rave.Client.Telemetry;
using Rave.Server.Contracts;
using Rave.Server.LevelDb;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Reads a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The value, or <see langword="default"/> when there is none. For value types, <see cref="TryGetAsync"/> tells none from zero.</returns>
    /// <exception cref="RaveException"><c>LEVEL_DATABASE_NOT_OPEN</c> on a closed handle; <c>LEVEL_CONNECTION_LOST</c> when nobody answered in time;
    /// <c>LEVEL_OVERLOADED</c> when 100,000 operations or 256 MiB of them wait for the leader already;
    /// <c>LEVEL_SNAPSHOT_NOT_OPEN</c> when the snapshot is gone; <c>LEVEL_DECODE_ERROR</c> when the stored bytes are not of this encoding; <c>LEVEL_CORRUPTION</c> or <c>LEVEL_IO_ERROR</c> from LevelDB.</exception>
    public ValueTask<TValue?> GetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TValue?>(cancellationToken);
        }

        try
        {
            return !TryAsk(key, options, cancellationToken, out (bool Found, TValue? Value) answer, out PendingValue<TKey, TValue>? pending)
                ? ValueOfAsync(TryGetAnywhereAsync(key, options, cancellationToken))
                : pending is null ? new(answer.Value) : pending.Value;
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<TValue?>(failure);
        }
    }

    /// <summary>Reads a value and says whether there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there is an entry, and its value.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync"/>.</exception>
    public ValueTask<(bool Found, TValue? Value)> TryGetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<(bool Found, TValue? Value)>(cancellationToken);
        }

        try
        {
            return !TryAsk(key, options, cancellationToken, out (bool Found, TValue? Value) answer, out PendingValue<TKey, TValue>? pending)
                ? TryGetAnywhereAsync(key, options, cancellationToken)
                : pending is null ? new(answer) : pending.Found;
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<(bool Found, TValue? Value)>(failure);
        }
    }

    /// <summary>Tells whether there is an entry.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="true"/> if there is.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync"/>.</exception>
    public ValueTask<bool> HasAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        try
        {
            return !Observation.IsOn && TryHasOwn(key, options.Snapshot?.IdFor(Database), out bool found)
                ? new(found)
                : HasAnywhereAsync(key, options, cancellationToken);
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<bool>(failure);
        }
    }

    private static async ValueTask<TValue?> ValueOfAsync(ValueTask<(bool Found, TValue? Value)> answer) => (await answer.ConfigureAwait(false)).Value;

    // The shortest way: from this process's own store at once, or pending in the lane. False where more is to be done than to read.
    private bool TryAsk(TKey key, ReadOptions options, CancellationToken cancellationToken, out (bool Found, TValue? Value) answer, out PendingValue<TKey, TValue>? pending)
    {
        answer = default;
        pending = null;
        if (Observation.IsOn)
        {
            return false;
        }

        if (TryGetOwn(key, options.Snapshot?.IdFor(Database), out answer))
        {
            return true;
        }

        PooledBuffer bytes = Scratch.Take();
        try
        {
            EncodeKey(key, bytes);
            pending = new(this, key) { Count = 1 };
            Database.Get(pending, bytes.Written, options.Snapshot?.IdFor(Database), cancellationToken);
            return true;
        }
        finally
        {
            Scratch.Return(bytes);
        }
    }

    // A leader's read allocates what it returns and nothing else: the key is encoded into a buffer of the thread, the value decoded where LevelDB has it.
    private bool TryGetOwn(TKey key, string? snapshot, out (bool Found, TValue? Value) answer)
    {
        answer = default;
        if (!Database.Leads)
        {
            return false;
        }

        PooledBuffer bytes = Scratch.Take();
        LevelValue value = default;
        try
        {
            EncodeKey(key, bytes);
            if (!Database.TryFind(bytes.Written, snapshot, out value))
            {
                return false;
            }

            answer = value.Exists ? (true, DecodeValue(value.Bytes, bytes.Written.Span)) : default;
            return true;
        }
        finally
        {
            value.Free();
            Scratch.Return(bytes);
        }
    }

    private bool TryHasOwn(TKey key, string? snapshot, out bool found)
    {
        found = false;
        if (!Database.Leads)
        {
            return false;
        }

        PooledBuffer bytes = Scratch.Take();
        try
        {
            EncodeKey(key, bytes);
            return Database.TryHas(bytes.Written, snapshot, out found);
        }
        finally
        {
            Scratch.Return(bytes);
        }
    }

    private async ValueTask<(bool Found, TValue? Value)> TryGetAnywhereAsync(TKey key, ReadOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start("get", Database);
        try
        {
            byte[] bytes = EncodeKey(key);
            byte[]? value = await Database.GetAsync(bytes, options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            return value is null ? (false, default) : (true, DecodeValue(value, bytes));
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private async ValueTask<bool> HasAnywhereAsync(TKey key, ReadOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start("has", Database);
        try
        {
            bool[] found = await Database.HasManyAsync([EncodeKey(key)], options.Snapshot?.IdFor(Database), cancellationToken).ConfigureAwait(false);
            return found[0];
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }
}
