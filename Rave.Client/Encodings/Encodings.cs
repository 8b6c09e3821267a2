using System.Text.Json.Serialization.Metadata;

namespace Rave.Client;

/// <summary>The encodings that come with the library.</summary>
public static class Encodings
{
    /// <summary>Text as UTF-8; text and bytes that are not valid are refused.</summary>
    public static IEncoding<string> Utf8 { get; } = new Utf8Encoding();

    /// <summary>Bytes as they are.</summary>
    public static IEncoding<byte[]> Bytes { get; } = new BytesEncoding();

    /// <summary>Objects as JSON, by a source-generated context: <c>Encodings.Json(AppJson.Default.User)</c>.</summary>
    /// <typeparam name="T">What is stored.</typeparam>
    /// <param name="type">How it is written and read.</param>
    /// <returns>The encoding.</returns>
    public static IEncoding<T> Json<T>(JsonTypeInfo<T> type) => new JsonEncoding<T>(type);
}
