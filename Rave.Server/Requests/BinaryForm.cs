using Microsoft.Net.Http.Headers;

namespace Rave.Server.Requests;

// The binary forms in headers: media types whose parameter v is the version.
internal static class BinaryForm
{
    // True for the supported version of the form, false for another version, null for another media type.
    internal static bool? Is(string? contentType, string form, string spoken)
    {
        // A fast path for the exact text that the .NET client sends.
        if (contentType == spoken)
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals(form, StringComparison.OrdinalIgnoreCase)
            ? IsVersion1(type)
            : null;
    }

    // True if the accepted type names this form in the supported version. A wildcard does not.
    internal static bool IsAccepted(MediaTypeHeaderValue accepted, string form) =>
        accepted.MediaType.Equals(form, StringComparison.OrdinalIgnoreCase) && IsVersion1(accepted);

    private static bool IsVersion1(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(parameter => parameter.Name == "v")?.Value == "1";
}
