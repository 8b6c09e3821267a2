using System.Buffers.Binary;
using System.Text.Json.Serialization.Metadata;
using Rave.Server.Protocol;

namespace Rave.Client;

/// <summary>The encodings that come with the library. Implement <see cref="IEncoding{T}"/> for others.</summary>
public static class Encodings
{
    // Flipping the sign bit puts negative numbers before positive ones in the order of bytes.
    private const long SignBit = long.MinValue;

    /// <summary>Text as UTF-8; text and bytes that are not valid are refused.</summary>
    /// <remarks>Text with half a surrogate pair is none: encoding it throws <see cref="System.Text.EncoderFallbackException"/>, an <see cref="ArgumentException"/>.</remarks>
    public static IEncoding<string> Utf8 { get; } = new Utf8Encoding();

    /// <summary>Bytes as they are.</summary>
    public static IEncoding<byte[]> Bytes { get; } = new BytesEncoding();

    /// <summary>Bytes that the program has as lower-case hex; any other spelling is refused.</summary>
    public static IEncoding<string> Hex { get; } = new TextBytesEncoding(TextEncoding.Hex);

    /// <summary>Bytes that the program has as padded base64; any spelling but the canonical one is refused.</summary>
    public static IEncoding<string> Base64 { get; } = new TextBytesEncoding(TextEncoding.Base64);

    /// <summary>Whole numbers in eight bytes that sort as the numbers do, negative ones first.</summary>
    public static IEncoding<long> Int64 { get; } = new SortableEncoding<long>(
        "int64", sizeof(long), (value, bytes) => BinaryPrimitives.WriteInt64BigEndian(bytes, value ^ SignBit), bytes => BinaryPrimitives.ReadInt64BigEndian(bytes) ^ SignBit);

    /// <summary>Whole numbers from 0 in eight bytes that sort as the numbers do.</summary>
    public static IEncoding<ulong> UInt64 { get; } = new SortableEncoding<ulong>(
        "uint64", sizeof(ulong), (value, bytes) => BinaryPrimitives.WriteUInt64BigEndian(bytes, value), BinaryPrimitives.ReadUInt64BigEndian);

    /// <summary>GUIDs in sixteen bytes that sort as <see cref="System.Guid.CompareTo(System.Guid)"/> does.</summary>
    public static IEncoding<Guid> Guid { get; } = new SortableEncoding<Guid>(
        "guid", 16, (value, bytes) => value.TryWriteBytes(bytes, bigEndian: true, out _), bytes => new Guid(bytes, bigEndian: true));

    /// <summary>Points in time in ten bytes that sort by the instant, then by the offset, which is kept.</summary>
    public static IEncoding<DateTimeOffset> DateTimeOffset { get; } = new SortableEncoding<DateTimeOffset>("datetimeoffset", sizeof(long) + sizeof(short), WriteTime, ReadTime);

    /// <summary>Objects as JSON, by a source-generated context: <c>Encodings.Json(AppJson.Default.User)</c>.</summary>
    /// <typeparam name="T">What is stored.</typeparam>
    /// <param name="type">How it is written and read.</param>
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
