using System.Buffers;
using Rave.Server.Protocol;

namespace Rave.Client;

/// <summary>A sorted map of keys to values: what a database and its parts have in common. Safe to use from many threads at once.</summary>
/// <remarks>
/// Beside what each member names: an asynchronous call whose token is cancelled throws <see cref="OperationCanceledException"/>, a key, value or argument that is
/// <see langword="null"/> is an <see cref="ArgumentNullException"/>, and whatever an encoding throws while it writes bytes reaches the caller as it is.
/// </remarks>
/// <typeparam name="TKey">What keys are.</typeparam>
/// <typeparam name="TValue">What values are.</typeparam>
public abstract partial class AbstractLevel<TKey, TValue>
{
    private protected AbstractLevel(IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding)
    {
        KeyEncoding = keyEncoding;
        ValueEncoding = valueEncoding;
    }

    /// <summary>How keys become bytes.</summary>
    public IEncoding<TKey> KeyEncoding { get; }

    /// <summary>How values become bytes.</summary>
    public IEncoding<TValue> ValueEncoding { get; }

    internal abstract Database Database { get; }

    // What stands before every key of this level in the database.
    private protected virtual byte[] PrefixBytes => [];

    private protected virtual string[] PathNames => [];

    internal byte[] EncodeKey(TKey key) => ToArray(static (level, key, bytes) => level.EncodeKey(key, bytes), key);

    private protected void EncodeKey(TKey key, PooledBuffer bytes)
    {
        // The second look alone would box a value type.
        if (key is null)
        {
            ArgumentNullException.ThrowIfNull(key);
        }

        bytes.Write(PrefixBytes);
        KeyEncoding.Encode(key, bytes);
    }

    private protected byte[] EncodeValue(TValue value) => ToArray(static (level, value, bytes) => level.EncodeValue(value, bytes), value);

    private protected void EncodeValue(TValue value, PooledBuffer bytes)
    {
        if (value is null)
        {
            ArgumentNullException.ThrowIfNull(value);
        }

        ValueEncoding.Encode(value, bytes);
    }

    internal TKey DecodeKey(ReadOnlySpan<byte> key) => Decode(KeyEncoding, key[PrefixBytes.Length..], "key", key);

    internal TValue DecodeValue(ReadOnlySpan<byte> value, ReadOnlySpan<byte> key) => Decode(ValueEncoding, value, "value", key);

    private byte[] ToArray<T>(Action<AbstractLevel<TKey, TValue>, T, PooledBuffer> encode, T what)
    {
        PooledBuffer bytes = Scratch.Take();
        try
        {
            encode(this, what, bytes);
            return bytes.Written.ToArray();
        }
        finally
        {
            Scratch.Return(bytes);
        }
    }

    private static T Decode<T>(IEncoding<T> encoding, ReadOnlySpan<byte> bytes, string what, ReadOnlySpan<byte> key)
    {
        try
        {
            return encoding.Decode(bytes);
        }
        catch (Exception cause)
        {
            throw NotDecoded(encoding, what, key, cause);
        }
    }

    private static RaveException NotDecoded<T>(IEncoding<T> encoding, string what, ReadOnlySpan<byte> key, Exception cause) =>
        new(ErrorCodes.DecodeError, $"The {what} of the entry whose key is {KeyText.Of(key)} is not {encoding.Name}.", cause);
}
