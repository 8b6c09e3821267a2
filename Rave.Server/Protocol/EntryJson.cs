using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Rave.Server.Protocol;

// One entry as JSON: {"key":"a","value":"1"}. Bytes that do not fit the encoding are an error, and never replaced.
internal static class EntryJson
{
    internal static readonly JsonWriterOptions Options = new()
    {
        // Answers are never embedded in HTML, so text can stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    internal static void Write(
        Utf8JsonWriter json, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, TextEncoding keyEncoding, TextEncoding valueEncoding,
        bool withKey = true, bool withValue = true, bool withETag = false)
    {
        json.WriteStartObject();
        if (withKey)
        {
            json.WritePropertyName("key"u8);
            WriteKey(json, key, keyEncoding);
        }

        if (withValue)
        {
            json.WritePropertyName("value"u8);
            WriteValue(json, value, valueEncoding, key);
        }

        if (withETag)
        {
            json.WriteString("etag"u8, ETag.Of(value));
        }

        json.WriteEndObject();
    }

    internal static void WriteKey(Utf8JsonWriter json, ReadOnlySpan<byte> key, TextEncoding encoding) =>
        WriteBytes(json, key, encoding, key, "key");

    internal static void WriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> value, TextEncoding encoding, ReadOnlySpan<byte> key) =>
        WriteBytes(json, value, encoding, key, "value");

    private static void WriteBytes(
        Utf8JsonWriter json, ReadOnlySpan<byte> bytes, TextEncoding encoding, ReadOnlySpan<byte> key, string what)
    {
        switch (encoding)
        {
            case TextEncoding.Utf8 when Utf8.IsValid(bytes):
                json.WriteStringValue(bytes);
                break;
            case TextEncoding.Json when TextEncodings.IsJson(bytes):
                WriteJson(json, bytes);
                break;
            case TextEncoding.Base64:
                json.WriteBase64StringValue(bytes);
                break;
            case TextEncoding.Hex or TextEncoding.Base64Url:
                WriteAscii(json, bytes, encoding);
                break;
            default:
                throw new RaveException(
                    ErrorCodes.DecodeError,
                    $"The {what} of the entry with the key {Convert.ToHexStringLower(key)} (hex) is not valid {encoding.Name()}."
                        + $" Use {what}Encoding=base64.");
        }
    }

    // Stored JSON may span several lines. In a document with one entry per line, it must not.
    private static void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny((byte)'\n', (byte)'\r'))
        {
            json.WriteRawValue(text, skipInputValidation: true);
            return;
        }

        byte[] line = ArrayPool<byte>.Shared.Rent(text.Length);
        json.WriteRawValue(line.AsSpan(0, DropWhiteSpace(text, line)), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(line);
    }

    // The BCL's writers refuse some valid JSON, for example a string with half of a surrogate pair.
    private static int DropWhiteSpace(ReadOnlySpan<byte> json, Span<byte> destination)
    {
        int length = 0;
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            byte character = json[i];
            if (inString && character == '\\')
            {
                destination[length++] = character;
                character = json[++i];
            }
            else if (character == '"')
            {
                inString = !inString;
            }

            if (inString || character is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                destination[length++] = character;
            }
        }

        return length;
    }

    private static void WriteAscii(Utf8JsonWriter json, ReadOnlySpan<byte> bytes, TextEncoding encoding)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent((bytes.Length * 2) + 4);
        int length;
        if (encoding == TextEncoding.Hex)
        {
            Convert.TryToHexStringLower(bytes, text, out length);
        }
        else
        {
            length = Base64Url.EncodeToUtf8(bytes, text);
        }

        json.WriteStringValue(text.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(text);
    }
}
