using Rave.Server.Storage;

namespace Rave.Server.Requests;

// The header of a client that returns to a feed.
internal static class LastEventId
{
    // Null if the client starts a new feed.
    internal static FeedPlace? Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Parameter.LastEventId.Name, out var text))
        {
            return null;
        }

        // The id of another service or version is a lost position. The consumer reads everything again and continues from here.
        return FeedPlace.TryParse(text.ToString(), out FeedPlace place) ? place : FeedPlace.Lost;
    }
}
