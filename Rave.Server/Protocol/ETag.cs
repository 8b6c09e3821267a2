using System.Security.Cryptography;

namespace Rave.Server.Protocol;

// The name of a value's bytes, the same in every version and process: a client may compute it, and a value that returns, returns its ETag.
internal static class ETag
{
    // Half of SHA-256: nobody meets or makes two values with the same by accident, and it stays short in headers.
    private const int HashBytes = 16;

    internal static string Of(ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(value, hash);
        return $"\"{Convert.ToHexStringLower(hash[..HashBytes])}\"";
    }

    // Whether the text is one strong entity tag (RFC 9110, 8.8.3), of ours or of anybody's.
    internal static bool IsStrong(ReadOnlySpan<char> text) => LengthAtStart(text) is > 0 and int length && length == text.Length;

    // The length of the strong entity tag that the text begins with; 0 where it begins with none.
    internal static int LengthAtStart(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            return 0;
        }

        int content = text[1..].IndexOf('"');
        return content >= 0 && !text.Slice(1, content).ContainsAnyInRange('\0', ' ') && !text.Slice(1, content).Contains('\x7f') ? content + 2 : 0;
    }
}
