using System.Buffers;
using System.Text.Json;

namespace Rave.Server.Protocol;

// Writes one entry per line: {"key":"a","value":"1"}.
internal sealed class EntryLinesWriter(IBufferWriter<byte> output, TextEncoding keyEncoding, TextEncoding valueEncoding) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(output, EntryJson.Options);

    internal void WriteEntry(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool withKey = true, bool withValue = true, bool withETag = false)
    {
        EntryJson.Write(_json, key, value, keyEncoding, valueEncoding, withKey, withValue, withETag);
        _json.Flush();
        _json.Reset();
        output.Write("\n"u8);
    }

    public void Dispose() => _json.Dispose();
}
