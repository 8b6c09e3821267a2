using Microsoft.Net.Http.Headers;
using Rave.Server.Contracts;

namespace Rave.Server.Endpoints;

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
        RequireType(request, MediaTypes.Json, "curl sends that with --json");
        return ReadAsync(request, served, cancellationToken);
    }

    // Whether the body is in the binary form; what is neither that nor JSON is refused.
    internal static bool IsOperations(HttpRequest request)
    {
        if (BinaryForm.Is(request.ContentType, MediaTypes.OperationsForm, MediaTypes.Operations) is { } isKnown)
        {
            return isKnown
                ? true
                : throw new UnsupportedMediaTypeException($"This leader takes {MediaTypes.Operations}, not '{request.ContentType}'; send JSON, which every version takes.");
        }

        RequireType(request, MediaTypes.Json, "curl sends that with --json");
        return false;
    }

    internal static void RequireType(HttpRequest request, string mediaType, string hint)
    {
        bool matches = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!matches)
        {
            throw new UnsupportedMediaTypeException(
                $"The body must be {mediaType} in UTF-8, not {(request.ContentType is null ? "of no type" : $"'{request.ContentType}'")}; {hint}.");
        }
    }
}

internal sealed class UnsupportedMediaTypeException(string message) : Exception(message);
