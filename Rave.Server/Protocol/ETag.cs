using System.Security.Cryptography;

namespace Rave.Server.Protocol;

// Identifies a value by its bytes. It is the same in every version and process, and a client may compute it.
internal static class ETag
{
    // Half of SHA-256: long enough that no two values share a tag, and short in headers.
    private const int HashBytes = 16;

    internal static string Of(ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(value, hash);
        return $"\"{Convert.ToHexStringLower(hash[..HashBytes])}\"";
    }

    // Whether the text is one strong entity tag (RFC 9110, 8.8.3). It need not be one of ours.
    internal static bool IsStrong(ReadOnlySpan<char> text) => LengthAtStart(text) is > 0 and int length && length == text.Length;

    // The length of the strong entity tag that the text begins with, or 0 if there is none.
    internal static int LengthAtStart(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            return 0;
        }

        int length = text[1..].IndexOf('"');
        if (length < 0)
        {
            return 0;
        }

        ReadOnlySpan<char> content = text.Slice(1, length);
        return content.ContainsAnyInRange('\0', ' ') || content.Contains('\x7f') ? 0 : length + 2;
    }
}
