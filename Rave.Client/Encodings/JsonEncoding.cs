using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rave.Client;

internal sealed class JsonEncoding<T>(JsonTypeInfo<T> type) : IEncoding<T>
{
    public string Name => "json";

    public void Encode(T value, IBufferWriter<byte> output)
    {
        using Utf8JsonWriter json = new(output);
        JsonSerializer.Serialize(json, value, type);
    }

    public T Decode(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("The stored value is null.");
}
