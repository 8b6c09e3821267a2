using System.Buffers;
using System.Text.Json;

namespace Rave.Server.Protocol;

// Reads {"keys":["a","b"]}, the body of get-many and has-many.
internal static class KeysJsonReader
{
    internal static List<byte[]> Read(ReadOnlySpan<byte> body, TextEncoding encoding, int limit)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(256);
        try
        {
            Utf8JsonReader reader = new(body, JsonBody.Options);
            return Read(ref reader, encoding, limit, ref scratch);
        }
        catch (Exception cause) when (JsonBody.IsMalformed(cause))
        {
            throw JsonBody.Malformed(cause);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static List<byte[]> Read(ref Utf8JsonReader reader, TextEncoding encoding, int limit, ref byte[] scratch)
    {
        List<byte[]>? keys = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid($"The body must be an object with a member 'keys', not {JsonBody.Kind(reader.TokenType)}.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("keys"u8))
            {
                throw Invalid($"The body has an unknown member '{JsonBody.Name(ref reader)}'. Remove it.");
            }

            if (keys is not null)
            {
                throw Invalid("The body has the member 'keys' twice. Send it once.");
            }

            keys = ReadArray(ref reader, encoding, limit, ref scratch);
        }

        // Throws if anything follows the object.
        reader.Read();
        return keys ?? throw Invalid("The body has no member 'keys'. Add it.");
    }

    internal static RaveException TooMany(int limit) =>
        new(ErrorCodes.TooLarge, $"The request has more than {limit} keys. Split it into several requests.");

    private static RaveException Invalid(string message) => new(ErrorCodes.InvalidRequest, message);

    private static List<byte[]> ReadArray(ref Utf8JsonReader reader, TextEncoding encoding, int limit, ref byte[] scratch)
    {
        List<byte[]> keys = [];
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Invalid($"The member 'keys' must be an array, not {JsonBody.Kind(reader.TokenType)}.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (keys.Count == limit)
            {
                throw TooMany(limit);
            }

            keys.Add(JsonBody.Bytes(ref reader, encoding, ref scratch, ErrorCodes.InvalidKey).ToArray());
        }

        return keys;
    }
}
