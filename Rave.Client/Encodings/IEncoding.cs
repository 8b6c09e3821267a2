using System.Buffers;

namespace Rave.Client;

/// <summary>How keys or values of one type become bytes, and back. Implement it for types of your own; it must be thread-safe.</summary>
/// <typeparam name="T">What is encoded.</typeparam>
public interface IEncoding<T>
{
    /// <summary>A short name for messages.</summary>
    string Name { get; }

    /// <summary>Appends the bytes of a value. For keys, the order of the bytes is the order of the keys.</summary>
    /// <param name="value">The value, never <see langword="null"/>.</param>
    /// <param name="output">Where its bytes go.</param>
    void Encode(T value, IBufferWriter<byte> output);

    /// <summary>Makes a value from its bytes. Whatever it throws reaches the caller as the cause of a <c>LEVEL_DECODE_ERROR</c>.</summary>
    /// <param name="bytes">Good for this call only: copy what you keep.</param>
    /// <returns>The value.</returns>
    T Decode(ReadOnlySpan<byte> bytes);
}
