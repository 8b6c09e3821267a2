using System.Buffers;
using System.Text.Json;

namespace Rave.Server.Protocol;

// Reads one line of a bulk load, {"key":"a","value":"1"}, as EntryLinesWriter writes it.
internal sealed class EntryLineReader(TextEncoding keyEncoding, TextEncoding valueEncoding) : IDisposable
{
    private byte[] _keyScratch = ArrayPool<byte>.Shared.Rent(256);
    private byte[] _valueScratch = ArrayPool<byte>.Shared.Rent(1024);

    // The spans are valid until the next call, and only as long as the line is.
    internal void Read(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        try
        {
            ReadEntry(line, out key, out value);
        }
        catch (Exception cause) when (JsonBody.IsMalformed(cause))
        {
            throw JsonBody.Malformed(cause);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_keyScratch);
        ArrayPool<byte>.Shared.Return(_valueScratch);
    }

    private void ReadEntry(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        Utf8JsonReader reader = new(line, JsonBody.Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid($"A line must be an object with the members 'key' and 'value', not {JsonBody.Kind(reader.TokenType)}.");
        }

        key = value = default;
        bool hasKey = false;
        bool hasValue = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8))
            {
                Once(ref hasKey, "key");
                reader.Read();
                key = JsonBody.Bytes(ref reader, keyEncoding, ref _keyScratch, ErrorCodes.InvalidKey);
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                Once(ref hasValue, "value");
                reader.Read();
                value = JsonBody.Value(ref reader, line, valueEncoding, ref _valueScratch);
            }
            else
            {
                throw Invalid($"The member '{JsonBody.Name(ref reader)}' is unknown. Remove it.");
            }
        }

        // Throws if anything follows the object.
        reader.Read();
        if (!hasKey || !hasValue)
        {
            throw Invalid($"The member '{(hasKey ? "value" : "key")}' is missing. Add it.");
        }
    }

    private static void Once(ref bool seen, string member) =>
        seen = !seen ? true : throw Invalid($"The member '{member}' appears twice. Send it once.");

    private static RaveException Invalid(string message) => new(ErrorCodes.InvalidRequest, message);
}
