namespace Rave.Server.Storage;

// A position in a feed: after the change with this index in the batch with this sequence.
internal readonly record struct ChangePosition(long Sequence, int Index)
{
    // A position in another feed, or one that is no longer known.
    internal static readonly ChangePosition Lost = new(-1, 0);
}
