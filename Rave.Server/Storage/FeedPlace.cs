using System.Globalization;

namespace Rave.Server.Storage;

// <epoch>-<sequence>.<i>: a place in the feed of the leader with this epoch.
internal readonly record struct FeedPlace(long Epoch, ChangePosition Position)
{
    // A place in no feed: a subscriber that continues there gets a gap.
    internal static readonly FeedPlace Lost = new(-1, ChangePosition.Lost);

    internal static bool TryParse(string text, out FeedPlace place)
    {
        place = default;
        int dash = text.IndexOf('-');
        int dot = text.IndexOf('.');
        if (dash < 0 || dot < dash
            || !TryNumber(text.AsSpan(0, dash), out long epoch)
            || !TryNumber(text.AsSpan(dash + 1, dot - dash - 1), out long sequence)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return false;
        }

        place = new(epoch, new(sequence, index));
        return true;
    }

    // The position in the feed of the leader with this epoch.
    internal ChangePosition In(long epoch) => Epoch == epoch ? Position : ChangePosition.Lost;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Position.Sequence}.{Position.Index}");

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
