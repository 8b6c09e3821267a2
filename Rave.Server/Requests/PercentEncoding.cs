using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rave.Server.Requests;

// Decodes exactly once, from the raw target: ASP.NET's own decoding leaves %2F and %FF as they stand, and loses which was which.
internal static class PercentEncoding
{
    // Of RFC 3986, but for #, which would begin a fragment.
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
                // Kestrel lets only ASCII through.
                bytes[length++] = plusIsSpace && character == '+' ? (byte)' ' : (byte)character;
            }
        }

        return bytes.AsSpan(0, length).ToArray();
    }

    // Escapes what Kestrel lets through although no URI has it, and what would end the header that the URI stands in.
    internal static string Mend(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(UriCharacters))
        {
            return text;
        }

        StringBuilder mended = new();
        foreach (char character in text)
        {
            if (UriCharacters.Contains(character))
            {
                mended.Append(character);
            }
            else
            {
                mended.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
            }
        }

        return mended.ToString();
    }

    private static byte Escape(ReadOnlySpan<char> text) =>
        text.Length >= 3 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2])
            ? Convert.FromHexString(text.Slice(1, 2))[0]
            : throw new RaveException(ErrorCodes.InvalidRequest, $"'{text[..Math.Min(3, text.Length)]}' is no percent-escape; write a percent sign as %25.");
}
