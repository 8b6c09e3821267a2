using System.Buffers.Binary;
using System.Text.Json.Serialization.Metadata;
using Rave.Server.Protocol;

namespace Rave.Client;

/// <summary>The encodings of this library. Implement <see cref="IEncoding{T}"/> for others.</summary>
public static class Encodings
{
    // With the sign bit flipped, the bytes of negative numbers sort before those of positive ones.
    private const long SignBit = long.MinValue;

    /// <summary>Gets the encoding of text as UTF-8. Invalid text and invalid bytes are errors.</summary>
    /// <remarks>
    /// Text with half a surrogate pair is invalid. It throws an <see cref="System.Text.EncoderFallbackException"/>, which is an
    /// <see cref="ArgumentException"/>.
    /// </remarks>
    public static IEncoding<string> Utf8 { get; } = new Utf8Encoding();

    /// <summary>Gets the encoding that keeps bytes as they are.</summary>
    public static IEncoding<byte[]> Bytes { get; } = new BytesEncoding();

    /// <summary>Gets the encoding of bytes that the program has as lower-case hex. Other spellings are errors.</summary>
    public static IEncoding<string> Hex { get; } = new TextBytesEncoding(TextEncoding.Hex);

    /// <summary>Gets the encoding of bytes that the program has as base64 with padding. Other spellings are errors.</summary>
    public static IEncoding<string> Base64 { get; } = new TextBytesEncoding(TextEncoding.Base64);

    /// <summary>Gets the encoding of signed integers in eight bytes. The bytes sort like the numbers.</summary>
    public static IEncoding<long> Int64 { get; } = new SortableEncoding<long>(
        "int64",
        sizeof(long),
        (value, bytes) => BinaryPrimitives.WriteInt64BigEndian(bytes, value ^ SignBit),
        bytes => BinaryPrimitives.ReadInt64BigEndian(bytes) ^ SignBit);

    /// <summary>Gets the encoding of unsigned integers in eight bytes. The bytes sort like the numbers.</summary>
    public static IEncoding<ulong> UInt64 { get; } = new SortableEncoding<ulong>(
        "uint64",
        sizeof(ulong),
        (value, bytes) => BinaryPrimitives.WriteUInt64BigEndian(bytes, value),
        BinaryPrimitives.ReadUInt64BigEndian);

    /// <summary>
    /// Gets the encoding of GUIDs in sixteen bytes. The bytes sort like <see cref="System.Guid.CompareTo(System.Guid)"/>.
    /// </summary>
    public static IEncoding<Guid> Guid { get; } = new SortableEncoding<Guid>(
        "guid", 16, (value, bytes) => value.TryWriteBytes(bytes, bigEndian: true, out _), bytes => new Guid(bytes, bigEndian: true));

    /// <summary>Gets the encoding of times in ten bytes. The bytes sort by the point in time, then by the offset, which is kept.</summary>
    public static IEncoding<DateTimeOffset> DateTimeOffset { get; } = new SortableEncoding<DateTimeOffset>(
        "datetimeoffset", sizeof(long) + sizeof(short), WriteTime, ReadTime);

    /// <summary>
    /// Creates an encoding of objects as JSON, from a source-generated context: <c>Encodings.Json(AppJson.Default.User)</c>.
    /// </summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="type">The metadata of the type.</param>
    /// <returns>The encoding.</returns>
    public static IEncoding<T> Json<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new JsonEncoding<T>(type);
    }

    private static void WriteTime(DateTimeOffset value, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, value.UtcTicks);
        BinaryPrimitives.WriteInt16BigEndian(bytes[sizeof(long)..], (short)(value.TotalOffsetMinutes ^ short.MinValue));
    }

    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> bytes)
    {
        TimeSpan offset = TimeSpan.FromMinutes((short)(BinaryPrimitives.ReadInt16BigEndian(bytes[sizeof(long)..]) ^ short.MinValue));
        return new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes), TimeSpan.Zero).ToOffset(offset);
    }
}
