using Microsoft.Net.Http.Headers;
using Rave.Server.Protocol;
using Rave.Server.Serving;

namespace Rave.Server.Requests;

// Reads whole bodies into pooled memory. Kestrel bounds the size of each, the leader that of all.
internal static class RequestBody
{
    private const int FirstBytes = 4096;

    internal static async ValueTask<HeldBody> ReadAsync(HttpRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        // A declared length is rented at once, within reason: a lying client must not make us rent what it never sends.
        long declared = Math.Min(request.ContentLength ?? FirstBytes, 1 << 20);
        HeldBody body = new((int)Math.Max(declared + 1, FirstBytes), served.Held);
        try
        {
            while (await body.ReadAsync(request.Body, cancellationToken))
            {
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    internal static ValueTask<HeldBody> ReadJsonAsync(HttpRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        RequireType(request, [MediaTypes.Json], "curl sends that with --json");
        return ReadAsync(request, served, cancellationToken);
    }

    // A body that is packed would be stored as it is, or read as something else; a part of a value would become all of it (RFC 9110, 14.5).
    internal static void RefuseEncoded(HttpRequest request)
    {
        // Counted first: hardly any request has one of these.
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding.Any(static line => line?.Split(',').Any(static name => !name.Trim().Equals("identity", StringComparison.OrdinalIgnoreCase)) == true))
        {
            throw new UnsupportedMediaTypeException($"The body is said to be encoded ('{request.Headers.ContentEncoding}'), and only bodies as they are are taken; send it without Content-Encoding.");
        }

        // Kestrel takes off the last of them, which is chunked, and leaves the others on.
        if (request.Headers.TransferEncoding.Count > 0 && request.Headers.TransferEncoding.Any(static line => line?.Split(',').Any(static name => !name.Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase)) == true))
        {
            throw new UnsupportedMediaTypeException($"The body is packed for its transfer ('{request.Headers.TransferEncoding}'), and only chunked is taken.");
        }

        if (HttpMethods.IsPut(request.Method) && request.Headers.ContentRange.Count > 0)
        {
            throw new RaveException(ErrorCodes.InvalidRequest, "A PUT with Content-Range would write a part of a value; send all of it.");
        }
    }

    // Whether the body is in the binary form; what is neither that nor JSON is refused.
    internal static bool IsOperations(HttpRequest request)
    {
        if (BinaryForm.Is(request.ContentType, MediaTypes.OperationsForm, MediaTypes.Operations) is { } isKnown)
        {
            return isKnown
                ? true
                : throw new UnsupportedMediaTypeException($"This leader reads {MediaTypes.Operations}, not '{request.ContentType}'. Run the same version of RaveLevel in all processes, or send JSON, which every version reads.");
        }

        RequireType(request, [MediaTypes.Json], "curl sends that with --json");
        return false;
    }

    // A type of several names is told by the first.
    internal static void RequireType(HttpRequest request, ReadOnlySpan<string> names, string hint)
    {
        bool matches = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && names.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!matches)
        {
            throw new UnsupportedMediaTypeException(
                $"The body must be {names[0]} in UTF-8, not {(request.ContentType is null ? "of no type" : $"'{request.ContentType}'")}; {hint}.");
        }
    }
}

internal sealed class UnsupportedMediaTypeException(string message) : Exception(message);
