using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rave.Client;

internal sealed class JsonEncoding<T>(JsonTypeInfo<T> type) : IEncoding<T>
{
    // Each thread keeps a writer for the next value. A converter may itself encode JSON, so the writer is taken away during use, and a
    // nested call creates another.
    [ThreadStatic]
    private static Utf8JsonWriter? _spare;

    public string Name => "json";

    public void Encode(T value, IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = _spare ?? new(output);
        _spare = null;
        json.Reset(output);
        JsonSerializer.Serialize(json, value, type);
        json.Flush();
        // After an exception, the writer is not kept.
        _spare = json;
    }

    public T Decode(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("The stored value is null.");
}
