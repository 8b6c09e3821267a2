using System.Text;

namespace Rave.Server.Protocol;

// A key in a message: in quotes if it is printable text, otherwise in hex. Long keys are cut.
internal static class KeyText
{
    private const int MostBytes = 64;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string Of(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> shown = key[..Math.Min(key.Length, MostBytes)];
        string more = shown.Length < key.Length ? "…" : "";
        // The cut may be inside of a character of up to 4 bytes. Its part is left out.
        for (int cut = 0; cut < 4 && cut <= shown.Length; cut++)
        {
            if (Text(shown[..^cut]) is { } text)
            {
                return $"'{text}{more}'";
            }

            if (more.Length == 0)
            {
                break;
            }
        }

        return $"{Convert.ToHexStringLower(shown)}{more} (hex)";
    }

    private static string? Text(ReadOnlySpan<byte> key)
    {
        try
        {
            string text = Strict.GetString(key);
            return text.Any(char.IsControl) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
