using Rave.Client.Sequences;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>
    /// Everybody's changes in the order in which they are applied, for as long as it is enumerated. The first is always a <see cref="ChangeKind.Gap"/>:
    /// the feed is on from there, so read what you need to know and then apply what follows. A gap comes again where some may have been missed:
    /// when another process leads, or to who reads too slowly. Changes made while the connection is lost and the leader lives are not missed.
    /// </summary>
    /// <param name="range">Which keys, without limit, direction and snapshot; without it all of this level.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The changes, without an end. A clear is told in chunks, each with its range.</returns>
    /// <exception cref="ArgumentException">The range has a limit, a direction or a snapshot.</exception>
    /// <exception cref="RaveException">While it is enumerated: <c>LEVEL_DATABASE_NOT_OPEN</c> when this handle closes; <c>LEVEL_TOO_MANY</c> when the
    /// leader has as many subscribers as it may.</exception>
    public IAsyncEnumerable<Change<TKey, TValue>> ChangesAsync(RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default)
    {
        if (range is { Reverse: true } or { Limit: not (null or Scan.Unlimited) } or { Snapshot: not null })
        {
            throw new ArgumentException("Changes have one order and no end: the range may have bounds only.", nameof(range));
        }

        KeyRange keys = ToScan(range).Bounds.ToRange();
        return new Sequence<Change<TKey, TValue>>(() => new FollowedChanges<TKey, TValue>(this, new(Database, keys)), cancellationToken);
    }
}
