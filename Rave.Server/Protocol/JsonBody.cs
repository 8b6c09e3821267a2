using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Rave.Server.Protocol;

// What the readers of JSON request bodies share: strict options, and strings that become bytes.
internal static class JsonBody
{
    // Enough of a name to find it: a message must not be as long as what it refuses.
    private const int NameBytes = 100;
    private const int MessageCharacters = 300;

    // A stored JSON value may be as deep as TextEncodings.JsonDepth and stands inside an array and an object.
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = TextEncodings.JsonDepth + 3 };

    // An InvalidOperationException is what the reader throws at an escaped half of a surrogate pair in a string that it compares.
    internal static bool IsMalformed(Exception cause) => cause is JsonException or InvalidOperationException;

    internal static RaveException Malformed(Exception cause) =>
        new(ErrorCodes.InvalidRequest, $"The body is not valid JSON: {cause.Message[..Math.Min(cause.Message.Length, MessageCharacters)]}", cause);

    // The bytes of a string token, decoded into the scratch buffer, or in place where nothing has to be decoded.
    internal static ReadOnlySpan<byte> Bytes(scoped ref Utf8JsonReader reader, TextEncoding encoding, scoped ref byte[] scratch, string code)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new RaveException(code, $"A {(code == ErrorCodes.InvalidKey ? "key" : "value")} is a JSON string, not {Kind(reader.TokenType)}.");
        }

        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (encoding == TextEncoding.Utf8 && !reader.ValueIsEscaped)
        {
            return Utf8.IsValid(text) ? text : throw NotIn(encoding, code);
        }

        // Behind what is decoded stands the text with its escapes undone: a decoder must not write where it reads.
        int needed = reader.ValueIsEscaped ? 2 * text.Length : text.Length;
        if (scratch.Length < needed)
        {
            ArrayPool<byte>.Shared.Return(scratch);
            scratch = ArrayPool<byte>.Shared.Rent(needed);
        }

        if (reader.ValueIsEscaped)
        {
            text = Unescape(ref reader, scratch.AsSpan(text.Length), code);
        }

        return encoding.TryDecode(text, scratch, out int written) ? scratch.AsSpan(0, written) : throw NotIn(encoding, code);
    }

    // The value that begins here as it stands in the body: it is stored as that text.
    internal static ReadOnlySpan<byte> Json(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        ReadOnlySpan<byte> text = body[start..(int)reader.BytesConsumed];
        return TextEncodings.IsJson(text)
            ? text
            : throw new RaveException(ErrorCodes.InvalidValue, $"A value is not JSON of at most {TextEncodings.JsonDepth} levels in UTF-8.");
    }

    internal static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Number => "a number",
        JsonTokenType.String => "a string",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };

    // A member's name for a message, whatever bytes it is made of and however many.
    internal static string Name(scoped ref Utf8JsonReader reader) =>
        System.Text.Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, NameBytes)]);

    private static RaveException NotIn(TextEncoding encoding, string code) =>
        new(code, $"A {(code == ErrorCodes.InvalidKey ? "key" : "value")} is not valid {encoding.Name()} in its one canonical spelling.");

    private static ReadOnlySpan<byte> Unescape(scoped ref Utf8JsonReader reader, Span<byte> destination, string code)
    {
        try
        {
            return destination[..reader.CopyString(destination)];
        }
        catch (InvalidOperationException cause)
        {
            // An escaped half of a surrogate pair is valid JSON and no text.
            throw new RaveException(code, "A string holds half of a surrogate pair.", cause);
        }
    }
}
