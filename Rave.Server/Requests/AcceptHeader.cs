using Microsoft.Net.Http.Headers;
using Rave.Server.Protocol;

namespace Rave.Server.Requests;

// Which of the forms of an answer a client wants. One that is not served gets the first, which is the default.
internal static class AcceptHeader
{
    internal static string Choose(HttpRequest request, params ReadOnlySpan<string> served)
    {
        // As the typed client writes it.
        if (request.Headers.Accept is [MediaTypes.Entries] && served.Contains(MediaTypes.Entries))
        {
            return MediaTypes.Entries;
        }

        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? wanted))
        {
            return served[0];
        }

        // A type that is named goes before a wildcard of the same quality, which is what curl and others add to everything.
        foreach (MediaTypeHeaderValue range in wanted.Where(range => range.Quality is not 0).OrderByDescending(range => range, MediaTypeHeaderValueComparer.QualityComparer))
        {
            foreach (string mediaType in served)
            {
                if (mediaType == MediaTypes.Entries ? BinaryForm.IsMeantBy(range, MediaTypes.EntriesForm) : range.MatchesMediaType(mediaType))
                {
                    return mediaType;
                }
            }
        }

        return served[0];
    }
}
