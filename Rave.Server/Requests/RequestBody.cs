using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Rave.Server.Protocol;
using Rave.Server.Serving;

namespace Rave.Server.Requests;

// Reads complete bodies into pooled memory. Kestrel limits the size of each body, the leader that of all together.
internal static class RequestBody
{
    private const int FirstBytes = 4096;

    internal static async ValueTask<HeldBody> ReadAsync(HttpRequest request, ServedDatabase served, CancellationToken cancellationToken)
    {
        // A declared length is rented at once up to a limit, because a client may never send what it declared.
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

    // A compressed body would be stored compressed or misread. A partial PUT would replace the whole value (RFC 9110, 14.5).
    internal static void ThrowIfEncoded(HttpRequest request)
    {
        if (HasOther(request.Headers.ContentEncoding, "identity"))
        {
            throw new UnsupportedMediaTypeException(
                $"The content encoding '{request.Headers.ContentEncoding}' is not supported. Send the body without Content-Encoding.");
        }

        // Kestrel decodes the last one, which is chunked, and leaves the others.
        if (HasOther(request.Headers.TransferEncoding, "chunked"))
        {
            throw new UnsupportedMediaTypeException(
                $"The transfer encoding '{request.Headers.TransferEncoding}' is not supported. Use only chunked, or Content-Length.");
        }

        if (HttpMethods.IsPut(request.Method) && request.Headers.ContentRange.Count > 0)
        {
            throw new RaveException(
                ErrorCodes.InvalidRequest,
                "A PUT with Content-Range writes only a part of a value, which is not supported. Send the whole value.");
        }
    }

    // Hardly any request has such a header, so a missing one is checked first.
    private static bool HasOther(StringValues lines, string allowed) => lines.Count > 0
        && lines.Any(line => line?.Split(',').Any(name => !name.Trim().Equals(allowed, StringComparison.OrdinalIgnoreCase)) == true);

    // True for the binary form, false for JSON. Throws for every other type.
    internal static bool IsOperations(HttpRequest request)
    {
        if (BinaryForm.Is(request.ContentType, MediaTypes.OperationsForm, MediaTypes.Operations) is { } isKnown)
        {
            return isKnown
                ? true
                : throw new UnsupportedMediaTypeException(
                    $"This leader reads {MediaTypes.Operations}, not '{request.ContentType}'. "
                    + "Run the same version of RaveLevel in all processes, or send JSON, which every version reads.");
        }

        RequireType(request, [MediaTypes.Json], "curl sends that with --json");
        return false;
    }

    // If a type has several names, messages show the first one.
    internal static void RequireType(HttpRequest request, ReadOnlySpan<string> names, string hint)
    {
        bool matches = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && names.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!matches)
        {
            string sent = request.ContentType is { } contentType ? $"the Content-Type is '{contentType}'" : "there is no Content-Type";
            throw new UnsupportedMediaTypeException($"The body must be {names[0]} in UTF-8, but {sent}; {hint}.");
        }
    }
}

internal sealed class UnsupportedMediaTypeException(string message) : Exception(message);
