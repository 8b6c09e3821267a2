namespace Rave.Server.Requests;

// The request target as it was sent, split into its parts. Nothing is decoded.
// Kestrel resolves dot segments before routing: `DELETE /v1/kv/../entries` must not clear a database.
internal readonly record struct RequestTarget(string Path, string Query)
{
    internal static RequestTarget Parse(string rawTarget)
    {
        int scheme = rawTarget.IndexOf("://", StringComparison.Ordinal);
        int firstSlash = rawTarget.IndexOf('/');
        if (scheme > 0 && scheme + 1 == firstSlash)
        {
            // Absolute form: remove the scheme and the authority.
            int start = rawTarget.AsSpan(scheme + 3).IndexOfAny('/', '?');
            rawTarget = start < 0 ? "/" : rawTarget[(scheme + 3 + start)..];
            rawTarget = rawTarget[0] == '?' ? "/" + rawTarget : rawTarget;
        }

        int question = rawTarget.IndexOf('?');
        string path = question < 0 ? rawTarget : rawTarget[..question];
        ThrowIfDotSegments(path);
        return new(path, question < 0 ? "" : rawTarget[(question + 1)..]);
    }

    private static void ThrowIfDotSegments(string path)
    {
        foreach (Range segment in path.AsSpan().Split('/'))
        {
            if (IsDots(path.AsSpan(segment)))
            {
                throw new RaveException(
                    ErrorCodes.InvalidRequest,
                    "The path contains a '.' or '..' segment, which clients and proxies resolve differently. "
                    + "Send such a key with keyEncoding=hex or base64url.");
            }
        }
    }

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        int dots = 0;
        while (!segment.IsEmpty)
        {
            int length = segment[0] == '.' ? 1 : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (length == 0 || ++dots > 2)
            {
                return false;
            }

            segment = segment[length..];
        }

        return dots > 0;
    }
}
