using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// The header of a client that comes back to the feed.
internal static class EventId
{
    // Null where it comes for the first time.
    internal static ChangePosition? Read(IHeaderDictionary headers, long epoch)
    {
        if (!headers.TryGetValue(Parameter.LastEventId.Name, out var text))
        {
            return null;
        }

        return FeedPlace.TryParse(text.ToString(), out FeedPlace place)
            ? place.In(epoch)
            : throw new LevelException(ErrorCodes.InvalidRequest, "The header 'Last-Event-ID' is no id of an event of this feed; leave it out to begin anew.");
    }
}
