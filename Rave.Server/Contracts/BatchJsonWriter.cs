using System.Buffers;
using System.Text.Json;

namespace Rave.Server.Contracts;

// Writes the body of a batch, keys and values in base64: what BatchJsonReader reads.
internal sealed class BatchJsonWriter : IDisposable
{
    internal const TextEncoding Encoding = TextEncoding.Base64;

    private readonly Utf8JsonWriter _json;

    internal BatchJsonWriter(IBufferWriter<byte> output)
    {
        _json = new(output, new JsonWriterOptions { SkipValidation = true });
        _json.WriteStartArray();
    }

    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, "put"u8);
        _json.WriteBase64String("key"u8, key);
        _json.WriteBase64String("value"u8, value);
        _json.WriteEndObject();
    }

    internal void Del(ReadOnlySpan<byte> key)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, "del"u8);
        _json.WriteBase64String("key"u8, key);
        _json.WriteEndObject();
    }

    // Of a precondition that a document can say: that the key exists, does not, or has the value with one tag.
    internal void Check(ReadOnlySpan<byte> key, Precondition precondition)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, "check"u8);
        _json.WriteBase64String("key"u8, key);
        if (precondition.Tags is [var etag])
        {
            _json.WriteString("etag"u8, etag);
        }
        else
        {
            _json.WriteBoolean("exists"u8, precondition.Wanted);
        }

        _json.WriteEndObject();
    }

    internal void End()
    {
        _json.WriteEndArray();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();
}
