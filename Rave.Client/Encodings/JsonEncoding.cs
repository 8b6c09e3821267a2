using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rave.Client;

internal sealed class JsonEncoding<T>(JsonTypeInfo<T> type) : IEncoding<T>
{
    // A thread's, for the next value. A converter is anybody's code and may itself write JSON: so it is taken away, and who comes meanwhile gets another.
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
        // One that a failure left in the middle is not kept.
        _spare = json;
    }

    public T Decode(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("The stored value is null.");
}
