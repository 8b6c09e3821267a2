using Rave.Server.Contracts;

namespace Rave.Server.Endpoints;

// Decodes exactly once, from the raw target: ASP.NET's own decoding leaves %2F and %FF as they stand, and loses which was which.
internal static class PercentEncoding
{
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

    private static byte Escape(ReadOnlySpan<char> text) =>
        text.Length >= 3 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2])
            ? Convert.FromHexString(text.Slice(1, 2))[0]
            : throw new LevelException(ErrorCodes.InvalidRequest, $"'{text[..Math.Min(3, text.Length)]}' is no percent-escape; write a percent sign as %25.");
}
