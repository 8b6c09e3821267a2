using System.Buffers;
using System.Text.Json;

namespace Rave.Server.Contracts;

// Writes the body of get-many and has-many, keys in base64: what KeysJsonReader reads.
internal static class KeysJsonWriter
{
    internal static void Write(IBufferWriter<byte> output, IReadOnlyList<byte[]> keys)
    {
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteStartArray("keys"u8);
        foreach (byte[] key in keys)
        {
            json.WriteBase64StringValue(key);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
