using Rave.Server.Storage;

namespace Rave.Server.Requests;

// The header of a client that comes back to the feed.
internal static class LastEventId
{
    // Null where it comes for the first time.
    internal static FeedPlace? Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Parameter.LastEventId.Name, out var text))
        {
            return null;
        }

        // Another service's or version's is a place that is lost: its consumer reads again, and goes on from here.
        return FeedPlace.TryParse(text.ToString(), out FeedPlace place) ? place : FeedPlace.Lost;
    }
}
