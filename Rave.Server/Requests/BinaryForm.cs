using Microsoft.Net.Http.Headers;

namespace Rave.Server.Requests;

// The binary forms in headers: a media type whose parameter v is the form's version.
internal static class BinaryForm
{
    // Whether a body's type is the one version that is spoken here; null where it is another type altogether.
    internal static bool? Is(string? contentType, string form, string spoken)
    {
        // As the typed client writes it.
        if (contentType == spoken)
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals(form, StringComparison.OrdinalIgnoreCase)
            ? IsVersion1(type)
            : null;
    }

    // Whether somebody who accepts this type is sent that one: a wildcard is not meant for it, nor is another version.
    internal static bool IsMeantBy(MediaTypeHeaderValue accepted, string form) =>
        accepted.MediaType.Equals(form, StringComparison.OrdinalIgnoreCase) && IsVersion1(accepted);

    private static bool IsVersion1(MediaTypeHeaderValue type) => type.Parameters.FirstOrDefault(parameter => parameter.Name == "v")?.Value == "1";
}
