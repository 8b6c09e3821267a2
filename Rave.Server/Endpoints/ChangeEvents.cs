using System.Buffers;
using System.Text;
using System.Text.Json;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// Changes as server-sent events. An event is written completely or not at all.
internal sealed class ChangeEvents(TextEncoding keyEncoding, TextEncoding valueEncoding, bool withValues) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(Stream.Null, EntryJson.Options);

    // A comment. Its place lets a client continue from there if the connection is cut before the next event.
    internal static void WriteComment(PooledBuffer output, string comment, FeedPlace? place)
    {
        Encoding.UTF8.GetBytes($": {comment}\n", output);
        if (place is { } known)
        {
            WriteId(output, known);
        }

        output.Write("\n"u8);
    }

    internal void Write(PooledBuffer output, Change change)
    {
        int start = output.Length;
        try
        {
            output.Write(change.Type switch
            {
                ChangeType.Put => "event: put\n"u8,
                ChangeType.Delete => "event: del\n"u8,
                ChangeType.Clear => "event: clear\n"u8,
                _ => "event: gap\n"u8,
            });
            WriteId(output, change.Place);
            output.Write("data: "u8);
            WriteData(output, change);
            output.Write("\n\n"u8);
        }
        catch
        {
            output.Truncate(start);
            throw;
        }
    }

    public void Dispose() => _json.Dispose();

    private static void WriteId(PooledBuffer output, FeedPlace place) => Encoding.UTF8.GetBytes($"id: {place}\n", output);

    private void WriteData(PooledBuffer output, Change change)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        if (change.Type == ChangeType.Clear)
        {
            WriteKey("from"u8, change.Key);
            WriteKey("to"u8, change.Value);
        }
        else if (change.Type != ChangeType.Gap)
        {
            WriteKey("key"u8, change.Key);
        }

        if (change.Type == ChangeType.Put && withValues)
        {
            _json.WritePropertyName("value"u8);
            EntryJson.WriteValue(_json, change.Value, valueEncoding, change.Key);
        }

        if (change.IsLast)
        {
            _json.WriteBoolean("last"u8, true);
        }

        _json.WriteEndObject();
        _json.Flush();
    }

    private void WriteKey(ReadOnlySpan<byte> member, ReadOnlySpan<byte> key)
    {
        _json.WritePropertyName(member);
        EntryJson.WriteKey(_json, key, keyEncoding);
    }
}
