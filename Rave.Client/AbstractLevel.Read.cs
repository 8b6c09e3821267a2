using Rave.Client.Telemetry;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Reads a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The value, or <see langword="default"/> when there is none. For value types, <see cref="TryGetAsync(TKey, ReadOptions, CancellationToken)"/> tells none from zero.</returns>
    /// <exception cref="RaveException"><c>LEVEL_DATABASE_NOT_OPEN</c> on a closed handle; <c>LEVEL_CONNECTION_LOST</c> when nobody answered in time;
    /// <c>LEVEL_OVERLOADED</c> when 100,000 operations or 256 MiB of them wait for the leader already;
    /// <c>LEVEL_SNAPSHOT_NOT_OPEN</c> when the snapshot is gone; <c>LEVEL_DECODE_ERROR</c> when the stored bytes are not of this encoding; <c>LEVEL_CORRUPTION</c> or <c>LEVEL_IO_ERROR</c> from LevelDB.</exception>
    public ValueTask<TValue?> GetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        AskAsync(Value.Wanted, key, options, cancellationToken);

    /// <summary>Reads a value and says whether there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there is an entry, and its value.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public ValueTask<Lookup<TValue>> TryGetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        AskAsync(FoundValue.Wanted, key, options, cancellationToken);

    /// <summary>Tells whether there is an entry.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="true"/> if there is.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> HasAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        AskAsync(Presence.Wanted, key, options, cancellationToken);

    private ValueTask<T> AskAsync<T>(Question<T> question, TKey key, ReadOptions options, CancellationToken cancellationToken) =>
        Observation.IsOn ? AskSeenAsync(question, key, options, cancellationToken) : AskUnseenAsync(question, key, options, cancellationToken);

    private async ValueTask<T> AskSeenAsync<T>(Question<T> question, TKey key, ReadOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start(question.Name, Database);
        try
        {
            return await AskUnseenAsync(question, key, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    // Allocates what it returns, and where it has to wait, what waits: key and value stand in a buffer of the thread, the value behind the key.
    private ValueTask<T> AskUnseenAsync<T>(Question<T> question, TKey key, ReadOptions options, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        PooledBuffer bytes = Scratch.Take();
        bool waits = false;
        try
        {
            EncodeKey(key, bytes);
            int keyLength = bytes.Length;
            ValueTask<bool> asked = question.AskAsync(Database.Store, bytes, options.Snapshot?.IdFor(Database), cancellationToken);
            if (asked.IsCompletedSuccessfully)
            {
                return new(question.Answer(this, asked.Result, bytes, keyLength));
            }

            waits = true;
            return WaitAsync(question, asked, bytes, keyLength);
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<T>(failure);
        }
        finally
        {
            if (!waits)
            {
                Scratch.Return(bytes);
            }
        }
    }

    private async ValueTask<T> WaitAsync<T>(Question<T> question, ValueTask<bool> asked, PooledBuffer bytes, int keyLength)
    {
        try
        {
            return question.Answer(this, await asked.ConfigureAwait(false), bytes, keyLength);
        }
        finally
        {
            Scratch.Return(bytes);
        }
    }

    private TValue DecodeBehind(PooledBuffer bytes, int keyLength) => DecodeValue(bytes.WrittenSpan[keyLength..], bytes.WrittenSpan[..keyLength]);

    // What is asked of one key, and how the answer is told. The buffer holds the key, and behind it gets the value.
    private abstract class Question<T>(string name)
    {
        internal string Name => name;

        internal virtual ValueTask<bool> AskAsync(IStore store, PooledBuffer bytes, string? snapshot, CancellationToken cancellationToken) =>
            store.GetAsync(bytes.Written, snapshot, bytes, cancellationToken);

        internal abstract T Answer(AbstractLevel<TKey, TValue> level, bool found, PooledBuffer bytes, int keyLength);
    }

    private sealed class Value() : Question<TValue?>("get")
    {
        internal static readonly Value Wanted = new();

        internal override TValue? Answer(AbstractLevel<TKey, TValue> level, bool found, PooledBuffer bytes, int keyLength) =>
            found ? level.DecodeBehind(bytes, keyLength) : default;
    }

    private sealed class FoundValue() : Question<Lookup<TValue>>("get")
    {
        internal static readonly FoundValue Wanted = new();

        internal override Lookup<TValue> Answer(AbstractLevel<TKey, TValue> level, bool found, PooledBuffer bytes, int keyLength) =>
            found ? new(level.DecodeBehind(bytes, keyLength)) : default;
    }

    private sealed class Presence() : Question<bool>("has")
    {
        internal static readonly Presence Wanted = new();

        internal override ValueTask<bool> AskAsync(IStore store, PooledBuffer bytes, string? snapshot, CancellationToken cancellationToken) =>
            store.HasAsync(bytes.Written, snapshot, cancellationToken);

        internal override bool Answer(AbstractLevel<TKey, TValue> level, bool found, PooledBuffer bytes, int keyLength) => found;
    }
}
