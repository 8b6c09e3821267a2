using Rave.Client.Telemetry;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    private GetReader? _value;
    private TryGetReader? _lookup;

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
        ReadKeyAsync(_value ??= new(this), key, options, cancellationToken);

    /// <summary>Reads a value, and distinguishes a missing entry from a default value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>A task that completes with the result.</returns>
    /// <exception cref="RaveException">As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public ValueTask<Lookup<TValue>> TryGetAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        ReadKeyAsync(_lookup ??= new(this), key, options, cancellationToken);

    /// <summary>Determines whether an entry exists.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">The snapshot to read from, if any.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>A task that completes with <see langword="true"/> if the entry exists.</returns>
    /// <exception cref="RaveException">As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> HasAsync(TKey key, ReadOptions options = default, CancellationToken cancellationToken = default) =>
        ReadKeyAsync(HasReader.Instance, key, options, cancellationToken);

    private ValueTask<T> ReadKeyAsync<T>(KeyReader<T> reader, TKey key, ReadOptions options, CancellationToken cancellationToken) =>
        Observation.IsOn
            ? ReadObservedAsync(reader, key, options, cancellationToken)
            : ReadDirectlyAsync(reader, key, options, cancellationToken);

    private async ValueTask<T> ReadObservedAsync<T>(KeyReader<T> reader, TKey key, ReadOptions options, CancellationToken cancellationToken)
    {
        using Observation? observed = Observation.Start(reader.Name, Database);
        try
        {
            return await ReadDirectlyAsync(reader, key, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    // The key is in a buffer of the thread. If the store answers synchronously, only the result is allocated.
    private ValueTask<T> ReadDirectlyAsync<T>(KeyReader<T> reader, TKey key, ReadOptions options, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        PooledBuffer bytes = Scratch.Take();
        try
        {
            EncodeKey(key, bytes);
            return Database.Store.GetAsync(bytes.Written, options.Snapshot?.IdFor(Database), reader, cancellationToken);
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

    // Reads one key.
    private abstract class KeyReader<T>(string name) : ValueReader<T>
    {
        internal string Name => name;
    }

    private sealed class GetReader(AbstractLevel<TKey, TValue> level) : KeyReader<TValue?>("get")
    {
        internal override TValue? Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
            found ? level.DecodeValue(value, key) : default;
    }

    private sealed class TryGetReader(AbstractLevel<TKey, TValue> level) : KeyReader<Lookup<TValue>>("get")
    {
        internal override Lookup<TValue> Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
            found ? new(level.DecodeValue(value, key)) : default;
    }

    private sealed class HasReader() : KeyReader<bool>("has")
    {
        internal static readonly HasReader Instance = new();

        internal override bool NeedsValue => false;

        internal override bool Read(bool found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => found;
    }
}
