using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Rave.Server.Protocol;

// Shared by the readers of JSON request bodies: strict options, and the decoding of strings into bytes.
internal static class JsonBody
{
    // Keeps messages short, however long the refused input is.
    private const int NameBytes = 100;
    private const int MessageCharacters = 300;

    // A value may have TextEncodings.JsonDepth levels, and is itself inside an array and an object.
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = TextEncodings.JsonDepth + 3 };

    // The reader throws an InvalidOperationException if a string that it compares has an escaped half of a surrogate pair.
    internal static bool IsMalformed(Exception cause) => cause is JsonException or InvalidOperationException;

    internal static RaveException Malformed(Exception cause)
    {
        string reason = cause.Message[..Math.Min(cause.Message.Length, MessageCharacters)];
        return new(ErrorCodes.InvalidRequest, $"The body is not valid JSON: {reason}", cause);
    }

    // The bytes of a string. They are in the scratch buffer, or in the body if nothing has to be decoded.
    internal static ReadOnlySpan<byte> Bytes(
        scoped ref Utf8JsonReader reader, TextEncoding encoding, scoped ref byte[] scratch, string code)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new RaveException(code, $"A {What(code)} must be a JSON string, not {Kind(reader.TokenType)}.");
        }

        ReadOnlySpan<byte> text = reader.ValueSpan;
        if (encoding == TextEncoding.Utf8 && !reader.ValueIsEscaped)
        {
            return Utf8.IsValid(text) ? text : throw NotIn(encoding, code);
        }

        // The unescaped text goes behind the room for the decoded bytes: a decoder must not write where it reads.
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

    // The bytes of a value. With the encoding Json, these are its text as it appears in the body.
    internal static ReadOnlySpan<byte> Value(
        scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> body, TextEncoding encoding, scoped ref byte[] scratch)
    {
        if (encoding != TextEncoding.Json)
        {
            return Bytes(ref reader, encoding, ref scratch, ErrorCodes.InvalidValue);
        }

        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        ReadOnlySpan<byte> text = body[start..(int)reader.BytesConsumed];
        return TextEncodings.IsJson(text)
            ? text
            : throw new RaveException(
                ErrorCodes.InvalidValue, $"A value must be JSON in UTF-8 with at most {TextEncodings.JsonDepth} levels.");
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

    // A member's name, for a message.
    internal static string Name(scoped ref Utf8JsonReader reader) =>
        System.Text.Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, NameBytes)]);

    private static RaveException NotIn(TextEncoding encoding, string code) =>
        new(code, $"A {What(code)} is not valid {encoding.Name()} in its canonical spelling. docs/http.md shows the spellings.");

    private static string What(string code) => code == ErrorCodes.InvalidKey ? "key" : "value";

    private static ReadOnlySpan<byte> Unescape(scoped ref Utf8JsonReader reader, Span<byte> destination, string code)
    {
        try
        {
            return destination[..reader.CopyString(destination)];
        }
        catch (InvalidOperationException cause)
        {
            // An escaped half of a surrogate pair is valid JSON, but not text.
            throw new RaveException(code, $"A {What(code)} has half of a surrogate pair. Use another encoding, such as hex.", cause);
        }
    }
}
