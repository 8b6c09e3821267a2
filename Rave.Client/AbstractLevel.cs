using System.Buffers;
using Rave.Server.Protocol;

namespace Rave.Client;

/// <summary>A sorted map of keys to values: a database or a part of it. It can be used by many threads at the same time.</summary>
/// <remarks>
/// For all members: an asynchronous call with a cancelled token throws <see cref="OperationCanceledException"/>. A key, value or argument
/// that is <see langword="null"/> is an <see cref="ArgumentNullException"/>. Exceptions of an encoding that writes bytes reach the caller
/// unchanged.
/// </remarks>
/// <typeparam name="TKey">The type of keys.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public abstract partial class AbstractLevel<TKey, TValue>
{
    private protected AbstractLevel(IEncoding<TKey> keyEncoding, IEncoding<TValue> valueEncoding)
    {
        KeyEncoding = keyEncoding;
        ValueEncoding = valueEncoding;
    }

    /// <summary>Gets the encoding of keys.</summary>
    public IEncoding<TKey> KeyEncoding { get; }

    /// <summary>Gets the encoding of values.</summary>
    public IEncoding<TValue> ValueEncoding { get; }

    internal abstract Database Database { get; }

    // The prefix of every key of this level in the database.
    private protected virtual byte[] PrefixBytes => [];

    private protected virtual string[] PathNames => [];

    internal byte[] EncodeKey(TKey key) => ToArray(static (level, key, bytes) => level.EncodeKey(key, bytes), key);

    private protected void EncodeKey(TKey key, PooledBuffer bytes)
    {
        // ThrowIfNull alone would box a value type.
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
