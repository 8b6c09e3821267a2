using System.Buffers.Text;
using System.Text.Json;

namespace Rave.Server.Contracts;

// Reads pages and the answers of get-many whose values stand in base64: what EntriesJsonWriter writes.
// Unknown members are passed over, for a newer leader may send some.
internal static class EntriesJsonReader
{
    // An entry that is null where get-many found none; a key or value that was left out is empty.
    internal static List<(byte[] Key, byte[] Value)?> Read(ReadOnlySpan<byte> body, TextEncoding keyEncoding, out string? continuation)
    {
        List<(byte[] Key, byte[] Value)?> entries = [];
        continuation = null;
        Utf8JsonReader reader = new(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("entries"u8))
            {
                ReadEntries(ref reader, keyEncoding, entries);
            }
            else if (reader.ValueTextEquals("continuation"u8))
            {
                reader.Read();
                continuation = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        return entries;
    }

    private static void ReadEntries(ref Utf8JsonReader reader, TextEncoding keyEncoding, List<(byte[] Key, byte[] Value)?> entries)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            entries.Add(reader.TokenType == JsonTokenType.Null ? null : ReadEntry(ref reader, keyEncoding));
        }
    }

    private static (byte[] Key, byte[] Value) ReadEntry(ref Utf8JsonReader reader, TextEncoding keyEncoding)
    {
        byte[] key = [];
        byte[] value = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8))
            {
                reader.Read();
                key = keyEncoding == TextEncoding.Base64 ? reader.GetBytesFromBase64() : Base64Url.DecodeFromUtf8(reader.ValueSpan);
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                reader.Read();
                value = reader.GetBytesFromBase64();
            }
            else
            {
                reader.Skip();
            }
        }

        return (key, value);
    }
}
