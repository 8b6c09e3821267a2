namespace Rave.Server.Storage;

// A place in the feed: behind the change with this index in the batch with this sequence.
internal readonly record struct ChangePosition(long Sequence, int Index)
{
    // Of another feed, or long ago.
    internal static readonly ChangePosition Lost = new(-1, 0);
}
