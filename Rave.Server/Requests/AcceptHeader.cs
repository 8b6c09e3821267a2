using Microsoft.Net.Http.Headers;
using Rave.Server.Protocol;

namespace Rave.Server.Requests;

// Chooses the form of an answer. If the client accepts none of the served forms, it gets the first one, the default.
internal static class AcceptHeader
{
    internal static string Choose(HttpRequest request, params ReadOnlySpan<string> served)
    {
        // A fast path for the exact text that the .NET client sends.
        if (request.Headers.Accept is [MediaTypes.Entries] && served.Contains(MediaTypes.Entries))
        {
            return MediaTypes.Entries;
        }

        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? wanted))
        {
            return served[0];
        }

        // A named type goes before a wildcard of the same quality: curl and others add a wildcard to every request.
        IEnumerable<MediaTypeHeaderValue> ranked = wanted
            .Where(range => range.Quality is not 0)
            .OrderByDescending(range => range, MediaTypeHeaderValueComparer.QualityComparer);
        foreach (MediaTypeHeaderValue range in ranked)
        {
            foreach (string mediaType in served)
            {
                bool matches = mediaType == MediaTypes.Entries
                    ? BinaryForm.IsAccepted(range, MediaTypes.EntriesForm)
                    : range.MatchesMediaType(mediaType);
                if (matches)
                {
                    return mediaType;
                }
            }
        }

        return served[0];
    }
}
