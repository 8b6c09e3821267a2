using System.Buffers;
using System.Text.Json;

namespace Rave.Server.Protocol;

// Writes {"entries":[{"key":"a","value":"1"},null],"continuation":null}: pages and the answers of get-many.
internal sealed class EntriesJsonWriter : IDisposable
{
    private readonly Utf8JsonWriter _json;
    private readonly TextEncoding _keyEncoding;
    private readonly TextEncoding _valueEncoding;

    internal EntriesJsonWriter(IBufferWriter<byte> output, TextEncoding keyEncoding, TextEncoding valueEncoding)
    {
        _json = new(output, EntryJson.Options);
        _keyEncoding = keyEncoding;
        _valueEncoding = valueEncoding;
        _json.WriteStartObject();
        _json.WriteStartArray("entries"u8);
    }

    internal void WriteMissing() => _json.WriteNullValue();

    internal void WriteEntry(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool withKey = true, bool withValue = true, bool withETag = false) =>
        EntryJson.Write(_json, key, value, _keyEncoding, _valueEncoding, withKey, withValue, withETag);

    // Ends a page. The continuation is null at the end of the range.
    internal void EndPage(string? continuation)
    {
        _json.WriteEndArray();
        _json.WriteString("continuation"u8, continuation);
        _json.WriteEndObject();
        _json.Flush();
    }

    // Ends the answer of a get-many.
    internal void End()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();
}
