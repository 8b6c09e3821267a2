using System.Buffers;

namespace Rave.Client;

/// <summary>Converts keys or values of a type to bytes and back. It must be thread-safe.</summary>
/// <typeparam name="T">The type.</typeparam>
public interface IEncoding<T>
{
    /// <summary>Gets a short name for messages.</summary>
    string Name { get; }

    /// <summary>Writes the bytes of a value. For keys, the order of the bytes is the order of the entries.</summary>
    /// <param name="value">The value, never <see langword="null"/>.</param>
    /// <param name="output">Receives the bytes.</param>
    void Encode(T value, IBufferWriter<byte> output);

    /// <summary>
    /// Reads a value from its bytes. Callers get an exception of this method as the inner exception of a <c>LEVEL_DECODE_ERROR</c>.
    /// </summary>
    /// <param name="bytes">The bytes, valid during this call only.</param>
    /// <returns>The value.</returns>
    T Decode(ReadOnlySpan<byte> bytes);
}
