using Rave.Client.Sequences;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>
    /// Follows the changes of all processes, in the order in which the leader applies them. The sequence has no end. Its first item is
    /// always a <see cref="ChangeKind.Gap"/>: changes from now on follow, so read what you need and then apply them. Another gap comes when
    /// changes may have been missed: when another process has become the leader, or when this reader is too slow. If only the connection to
    /// the leader is lost, nothing is missed.
    /// </summary>
    /// <param name="range">The range of keys, or <see langword="null"/> for all keys of this level. It may only have bounds.</param>
    /// <param name="cancellationToken">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The changes. A clear is reported in chunks, each with its range.</returns>
    /// <exception cref="ArgumentException">The range has a limit, a direction or a snapshot.</exception>
    /// <exception cref="RaveException">
    /// During enumeration. <c>LEVEL_DATABASE_NOT_OPEN</c>: the handle is closed. <c>LEVEL_TOO_MANY</c>: the leader has the maximum number
    /// of subscribers.
    /// </exception>
    public IAsyncEnumerable<Change<TKey, TValue>> ChangesAsync(
        RangeOptions<TKey>? range = null, CancellationToken cancellationToken = default)
    {
        if (range is { Reverse: true } or { Limit: not (null or Scan.Unlimited) } or { Snapshot: not null })
        {
            throw new ArgumentException("The range of a change feed may have no limit, direction or snapshot.", nameof(range));
        }

        KeyRange keys = ToScan(range).Bounds.ToRange();
        return new Sequence<Change<TKey, TValue>>(() => new FollowedChanges<TKey, TValue>(this, new(Database, keys)), cancellationToken);
    }
}
