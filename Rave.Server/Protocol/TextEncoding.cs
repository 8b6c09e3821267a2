using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Rave.Server.Protocol;

// How text carries bytes, in JSON members, paths and queries.
internal enum TextEncoding
{
    Utf8,
    Hex,
    Base64,
    Base64Url,
    // Only for values in JSON documents: the stored bytes are JSON, and appear as JSON.
    Json,
}

internal static class TextEncodings
{
    // The levels of a stored JSON text. It is three levels deep in a document, and readers often stop at 64.
    internal const int JsonDepth = 61;

    // The BCL's decoders skip these, but the canonical spelling has none of them.
    private static readonly SearchValues<byte> Skipped = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> SkippedInUrl = SearchValues.Create(" \t\r\n=%"u8);

    internal static TextEncoding Parse(string name, bool forValues) => name switch
    {
        "utf8" => TextEncoding.Utf8,
        "hex" => TextEncoding.Hex,
        "base64" => TextEncoding.Base64,
        "base64url" => TextEncoding.Base64Url,
        "json" when forValues => TextEncoding.Json,
        _ => throw new RaveException(
            ErrorCodes.EncodingNotFound,
            $"The encoding '{name[..Math.Min(name.Length, 20)]}' is unknown."
                + $" Use utf8, hex, base64{(forValues ? ", base64url or json" : " or base64url")}."),
    };

    internal static string Name(this TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf8 => "utf8",
        TextEncoding.Hex => "hex",
        TextEncoding.Base64 => "base64",
        TextEncoding.Base64Url => "base64url",
        _ => "json",
    };

    // The destination must be at least as long as the text, and must not overlap it: the hex decoder reads its last block twice.
    // False if the text is not the canonical spelling of its bytes.
    internal static bool TryDecode(this TextEncoding encoding, ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        switch (encoding)
        {
            case TextEncoding.Hex:
                return !text.ContainsAnyInRange((byte)'A', (byte)'F')
                    && Convert.FromHexString(text, destination, out _, out written) == OperationStatus.Done;
            case TextEncoding.Base64:
                return !text.ContainsAny(Skipped)
                    && Base64.DecodeFromUtf8(text, destination, out _, out written) == OperationStatus.Done
                    && TailIsCanonical(text.TrimEnd((byte)'='));
            case TextEncoding.Base64Url:
                return !text.ContainsAny(SkippedInUrl)
                    && Base64Url.DecodeFromUtf8(text, destination, out _, out written) == OperationStatus.Done
                    && TailIsCanonical(text);
            case TextEncoding.Json:
                text.CopyTo(destination);
                written = text.Length;
                return IsJson(text);
            default:
                text.CopyTo(destination);
                written = text.Length;
                return Utf8.IsValid(text);
        }
    }

    // For messages and headers. JSON documents are written without this string.
    internal static string Encode(this TextEncoding encoding, ReadOnlySpan<byte> bytes) => encoding switch
    {
        TextEncoding.Hex => Convert.ToHexStringLower(bytes),
        TextEncoding.Base64 => Convert.ToBase64String(bytes),
        TextEncoding.Base64Url => Base64Url.EncodeToString(bytes),
        _ => Encoding.UTF8.GetString(bytes),
    };

    internal static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            Utf8JsonReader reader = new(text, new JsonReaderOptions { MaxDepth = JsonDepth });
            while (reader.Read())
            {
                // The reader checks a string's bytes only when they are asked for.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !Utf8.IsValid(reader.ValueSpan))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // The last character may have bits that belong to no byte. They must be zero, so that each key has only one spelling.
    private static bool TailIsCanonical(ReadOnlySpan<byte> text)
    {
        int unused = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return unused == 0 || (Sextet(text[^1]) & unused) == 0;
    }

    private static int Sextet(byte character) => character switch
    {
        >= (byte)'A' and <= (byte)'Z' => character - 'A',
        >= (byte)'a' and <= (byte)'z' => character - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => character - '0' + 52,
        (byte)'+' or (byte)'-' => 62,
        _ => 63,
    };
}
