using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Rave.Server.Contracts;

// Writes {"entries":[{"key":"a","value":"1"},null],"continuation":null}: pages and the answers of get-many.
internal sealed class EntriesJsonWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        // An answer is JSON and never stands inside HTML: text stays legible.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly Utf8JsonWriter _json;
    private readonly TextEncoding _keyEncoding;
    private readonly TextEncoding _valueEncoding;

    internal EntriesJsonWriter(IBufferWriter<byte> output, TextEncoding keyEncoding, TextEncoding valueEncoding)
    {
        _json = new(output, Options);
        _keyEncoding = keyEncoding;
        _valueEncoding = valueEncoding;
        _json.WriteStartObject();
        _json.WriteStartArray("entries"u8);
    }

    internal void WriteMissing() => _json.WriteNullValue();

    internal void WriteEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool withKey = true, bool withValue = true)
    {
        _json.WriteStartObject();
        if (withKey)
        {
            _json.WritePropertyName("key"u8);
            WriteBytes(key, _keyEncoding, key, "key");
        }

        if (withValue)
        {
            _json.WritePropertyName("value"u8);
            WriteBytes(value, _valueEncoding, key, "value");
        }

        _json.WriteEndObject();
    }

    // Closes a page: where to go on, or null at the end.
    internal void EndPage(string? continuation)
    {
        _json.WriteEndArray();
        _json.WriteString("continuation"u8, continuation);
        _json.WriteEndObject();
        _json.Flush();
    }

    // Closes the answer of a get-many.
    internal void End()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();

    private void WriteBytes(ReadOnlySpan<byte> bytes, TextEncoding encoding, ReadOnlySpan<byte> key, string what)
    {
        switch (encoding)
        {
            case TextEncoding.Utf8 when Utf8.IsValid(bytes):
                _json.WriteStringValue(bytes);
                break;
            case TextEncoding.Json when TextEncodings.IsJson(bytes):
                _json.WriteRawValue(bytes, skipInputValidation: true);
                break;
            case TextEncoding.Base64:
                _json.WriteBase64StringValue(bytes);
                break;
            case TextEncoding.Hex or TextEncoding.Base64Url:
                WriteAscii(bytes, encoding);
                break;
            default:
                throw new LevelException(
                    ErrorCodes.DecodeError,
                    $"The {what} of the entry whose key is {Convert.ToHexStringLower(key)} (hex) is not valid {encoding.Name()}; ask with {what}Encoding=base64.");
        }
    }

    private void WriteAscii(ReadOnlySpan<byte> bytes, TextEncoding encoding)
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

        _json.WriteStringValue(text.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(text);
    }
}
