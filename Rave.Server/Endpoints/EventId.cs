using System.Globalization;
using Rave.Server.Contracts;
using Rave.Server.Storage;

namespace Rave.Server.Endpoints;

// <epoch>-<sequence>.<i>: a place in the feed of one leader and one opening.
internal static class EventId
{
    internal static string Format(long epoch, ChangePosition place) => string.Create(CultureInfo.InvariantCulture, $"{epoch}-{place.Sequence}.{place.Index}");

    // Of a client that comes back; null where it comes for the first time.
    internal static ChangePosition? Read(IHeaderDictionary headers, long epoch)
    {
        if (!headers.TryGetValue(Parameter.LastEventId.Name, out var text))
        {
            return null;
        }

        string id = text.ToString();
        int dash = id.IndexOf('-');
        int dot = id.IndexOf('.');
        if (dash < 0 || dot < dash
            || !TryNumber(id.AsSpan(0, dash), out long itsEpoch)
            || !TryNumber(id.AsSpan(dash + 1, dot - dash - 1), out long sequence)
            || !int.TryParse(id.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            throw new LevelException(ErrorCodes.InvalidRequest, "The header 'Last-Event-ID' is no id of an event of this feed; leave it out to begin anew.");
        }

        return itsEpoch == epoch ? new(sequence, index) : ChangePosition.Lost;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
