using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rave.Server.Requests;

// Decodes the raw target exactly once. ASP.NET leaves %2F and %FF encoded, so they cannot be told from literal text afterwards.
internal static class PercentEncoding
{
    // The reserved characters of RFC 3986 without #, which would begin a fragment.
    private static readonly SearchValues<char> UriCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=%");

    internal static byte[] Decode(ReadOnlySpan<char> text, bool plusIsSpace)
    {
        byte[] bytes = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (character == '%')
            {
                bytes[length++] = Escape(text[i..]);
                i += 2;
            }
            else
            {
                // Kestrel only accepts ASCII.
                bytes[length++] = plusIsSpace && character == '+' ? (byte)' ' : (byte)character;
            }
        }

        return bytes.AsSpan(0, length).ToArray();
    }

    // Escapes characters that Kestrel accepts but a URI may not contain, and those that would end a URI in a header.
    internal static string EscapeInvalid(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(UriCharacters))
        {
            return text;
        }

        StringBuilder escaped = new();
        foreach (char character in text)
        {
            if (UriCharacters.Contains(character))
            {
                escaped.Append(character);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
            }
        }

        return escaped.ToString();
    }

    private static byte Escape(ReadOnlySpan<char> text) =>
        text.Length >= 3 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2])
            ? Convert.FromHexString(text.Slice(1, 2))[0]
            : throw new RaveException(
                ErrorCodes.InvalidRequest,
                $"'{text[..Math.Min(3, text.Length)]}' is not a valid percent escape. Write a percent sign as %25.");
}
