using Rave.Client.Batches;
using Rave.Server.Protocol;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>Stores a value if a condition holds for its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="condition">What must be true.</param>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Gives up waiting; the write may be applied all the same.</param>
    /// <returns>
    /// Whether it was stored, also across a failover. Only with <see cref="RaveOptions.ExactlyOnce"/> off may <see langword="false"/> after a failover in the middle
    /// mean that its own first attempt was.
    /// </returns>
    /// <exception cref="RaveException">As of <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> PutIfAsync(TKey key, TValue value, Condition condition, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        WriteIfAsync(condition, new(OperationType.Put, EncodeKey(key), EncodeValue(value)), options, cancellationToken);

    /// <summary>Deletes an entry if a condition holds for its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="condition">What must be true.</param>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Gives up waiting; the write may be applied all the same.</param>
    /// <returns>Whether the condition held, as of <see cref="PutIfAsync(TKey, TValue, Condition, WriteOptions, CancellationToken)"/>.</returns>
    /// <exception cref="RaveException">As of <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> DeleteIfAsync(TKey key, Condition condition, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        WriteIfAsync(condition, new(OperationType.Delete, EncodeKey(key), []), options, cancellationToken);

    /// <summary>Stores a value if its key has none: of several that try at once, one succeeds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Gives up waiting; the write may be applied all the same.</param>
    /// <returns>Whether it was stored, as of <see cref="PutIfAsync(TKey, TValue, Condition, WriteOptions, CancellationToken)"/>.</returns>
    /// <exception cref="RaveException">As of <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> PutIfAbsentAsync(TKey key, TValue value, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        PutIfAsync(key, value, Condition.Missing, options, cancellationToken);

    /// <summary>Stores a value if its key still has the value that one read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">The value it must have; compared by its bytes.</param>
    /// <param name="value">The new value.</param>
    /// <param name="options">Whether to wait for the disk.</param>
    /// <param name="cancellationToken">Gives up waiting; the write may be applied all the same.</param>
    /// <returns>Whether it was stored, as of <see cref="PutIfAsync(TKey, TValue, Condition, WriteOptions, CancellationToken)"/>.</returns>
    /// <exception cref="RaveException">As of <see cref="PutAsync(TKey, TValue, WriteOptions, CancellationToken)"/>.</exception>
    public ValueTask<bool> CompareAndSetAsync(
        TKey key, TValue expected, TValue value, WriteOptions options = default, CancellationToken cancellationToken = default) =>
        PutIfAsync(key, value, Condition.ValueIs(expected), options, cancellationToken);

    /// <summary>The tag of a value, as HTTP's <c>ETag</c> header has it: the first half of its bytes' SHA-256.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The tag, quotes included.</returns>
    public string ETagOf(TValue value) => ETag.Of(EncodeValue(value));

    internal Operation Check(TKey key, Condition condition) => new(OperationType.Check, EncodeKey(key), [], condition.On(this));

    private async ValueTask<bool> WriteIfAsync(Condition condition, Operation write, WriteOptions options, CancellationToken cancellationToken)
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
