using Rave.Client.Telemetry;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    private ValueQuestion? _value;
    private LookupQuestion? _lookup;

    /// <summary>Reads a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>
    /// A task that completes with the value, or <see langword="default"/> if there is no entry. For value types, only
    /// <see cref="TryGetAsync(TKey, ReadOptions, CancellationToken)"/> distinguishes a missing entry from a default value.
    /// </returns>
    /// <exception cref="RaveException">
    /// <c>LEVEL_DATABASE_NOT_OPEN</c>: the handle is closed. <c>LEVEL_CONNECTION_LOST</c>: no leader answered within
    /// <see cref="RaveOptions.OperationTimeout"/>. <c>LEVEL_OVERLOADED</c>: 100,000 operations, or 256 MiB of them, wait for the leader
    /// already. <c>LEVEL_SNAPSHOT_NOT_OPEN</c>: the snapshot no longer exists. <c>LEVEL_DECODE_ERROR</c>: the stored bytes do not have this
    /// encoding. <c>LEVEL_CORRUPTION</c>: the data is damaged. <c>LEVEL_IO_ERROR</c>: a file cannot be read.
    /// </exception>
    public ValueTask<TValue?> GetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        AskAsync(_value ??= new(this), key, options, cancellationToken);

    /// <summary>Reads a value, and distinguishes a missing entry from a default value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>A task that completes with the result.</returns>
    /// <exception cref="RaveException">As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public ValueTask<Lookup<TValue>> TryGetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        AskAsync(_lookup ??= new(this), key, options, cancellationToken);

    /// <summary>Determines whether an entry exists.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>A task that completes with <see langword="true"/> if the entry exists.</returns>
    /// <exception cref="RaveException">As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> HasAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        AskAsync(HasQuestion.Instance, key, options, cancellationToken);

    private ValueTask<T> AskAsync<T>(Question<T> question, TKey key, ReadOptions options, CancellationToken cancellationToken) =>
        Observation.IsOn
            ? AskObservedAsync(question, key, options, cancellationToken)
            : AskDirectlyAsync(question, key, options, cancellationToken);

    private async ValueTask<T> AskObservedAsync<T>(Question<T> question, TKey key, ReadOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start(question.Name, Database);
        try
        {
            return await AskDirectlyAsync(question, key, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    // The key is in a buffer of the thread: where the store answers at once, nothing is allocated but the result.
    private ValueTask<T> AskDirectlyAsync<T>(Question<T> question, TKey key, ReadOptions options, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        PooledBuffer bytes = Scratch.Take();
        try
        {
            EncodeKey(key, bytes);
            return Database.Store.GetAsync(bytes.Written, options.Snapshot?.IdFor(Database), question, cancellationToken);
        }
        catch (Exception failure)
        {
            return ValueTask.FromException<T>(failure);
        }
        finally
        {
            Scratch.Return(bytes);
        }
    }

    // What is asked of one key.
    private abstract class Question<T>(string name) : ValueReader<T>
    {
        internal string Name => name;
    }

    private sealed class ValueQuestion(AbstractLevel<TKey, TValue> level) : Question<TValue?>("get")
    {
        internal override TValue? Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
            found ? level.DecodeValue(value, key) : default;
    }

    private sealed class LookupQuestion(AbstractLevel<TKey, TValue> level) : Question<Lookup<TValue>>("get")
    {
        internal override Lookup<TValue> Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
            found ? new(level.DecodeValue(value, key)) : default;
    }

    private sealed class HasQuestion() : Question<bool>("has")
    {
        internal static readonly HasQuestion Instance = new();

        internal override bool NeedsValue => false;

        internal override bool Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => found;
    }
}
