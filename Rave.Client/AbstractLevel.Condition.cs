using Rave.Client.Batches;
using Rave.Server.Protocol;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Stores a value if a condition holds for its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="condition">The condition for the current value of the key.</param>
    /// <param name="options">Whether to wait until the write is on the disk.</param>
    /// <param name="cancellationToken">Cancels waiting. The write may be applied nevertheless.</param>
    /// <returns>
    /// A task that completes with <see langword="true"/> if the value was stored, and <see langword="false"/> if the condition did not
    /// hold. This is also true across a failover. Only with <see cref="RaveOptions.ExactlyOnce"/> off, <see langword="false"/> after a
    /// failover may mean that the first attempt of this call stored the value.
    /// </returns>
    /// <exception cref="RaveException">As for <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> PutIfAsync(
        TKey key, TValue value, Condition condition, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        WriteIfAsync(condition, new(OperationType.Put, EncodeKey(key), EncodeValue(value)), options, cancellationToken);

    /// <summary>Deletes an entry if a condition holds for its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="condition">The condition for the current value of the key.</param>
    /// <param name="options">Whether to wait until the write is on the disk.</param>
    /// <param name="cancellationToken">Cancels waiting. The write may be applied nevertheless.</param>
    /// <returns>
    /// A task that completes with <see langword="true"/> if the condition held, and <see langword="false"/> if not. Otherwise as for
    /// <see cref="PutIfAsync(TKey, TValue, Condition, WriteOptions, CancellationToken)"/>.
    /// </returns>
    /// <exception cref="RaveException">As for <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> DeleteIfAsync(
        TKey key, Condition condition, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        WriteIfAsync(condition, new(OperationType.Delete, EncodeKey(key), []), options, cancellationToken);

    /// <summary>Stores a value if its key has none. If several callers try at the same time, one succeeds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">Whether to wait until the write is on the disk.</param>
    /// <param name="cancellationToken">Cancels waiting. The write may be applied nevertheless.</param>
    /// <returns>As for <see cref="PutIfAsync(TKey, TValue, Condition, WriteOptions, CancellationToken)"/>.</returns>
    /// <exception cref="RaveException">As for <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> PutIfAbsentAsync(
        TKey key, TValue value, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        PutIfAsync(key, value, Condition.Missing, options, cancellationToken);

    /// <summary>Stores a value if its key has an expected value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">The expected value. Its bytes are compared.</param>
    /// <param name="value">The new value.</param>
    /// <param name="options">Whether to wait until the write is on the disk.</param>
    /// <param name="cancellationToken">Cancels waiting. The write may be applied nevertheless.</param>
    /// <returns>As for <see cref="PutIfAsync(TKey, TValue, Condition, WriteOptions, CancellationToken)"/>.</returns>
    /// <exception cref="RaveException">As for <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> CompareAndSetAsync(
        TKey key, TValue expected, TValue value, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        PutIfAsync(key, value, Condition.ValueIs(expected), options, cancellationToken);

    /// <summary>Computes the tag of a value, as in the <c>ETag</c> header of HTTP: the first half of the SHA-256 of its bytes.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The tag, with quotes.</returns>
    public string ETagOf(TValue value) => ETag.Of(EncodeValue(value));

    internal Operation Check(TKey key, Condition condition) => new(OperationType.Check, EncodeKey(key), [], condition.On(this));

    private async ValueTask<bool> WriteIfAsync(
        Condition condition, Operation write, WriteOptions options, CancellationToken cancellationToken)
    {
        Operation check = new(OperationType.Check, write.Key, [], condition.On(this));
        try
        {
            await WriteAsync([check, write], options, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.PreconditionFailed)
        {
            return false;
        }
    }
}
