using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>About how much of the disk a range takes, compressed. What was written last and is still in LevelDB's memory is not counted.</summary>
    /// <param name="start">The first key; without it this level's first.</param>
    /// <param name="end">The key behind the last; without it to this level's end.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Bytes.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public async ValueTask<long> ApproximateSizeAsync(Bound<TKey> start = default, Bound<TKey> end = default, CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("approximate-size", Database);
        try
        {
            return await Database.Engine.ApproximateSizeAsync(Between(start, end), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    /// <summary>
    /// Rewrites the files of a range without what was overwritten or deleted in it. It goes on step by step beside reads and writes, for as long as
    /// the range is large: there is no deadline.
    /// </summary>
    /// <param name="start">The first key; without it this level's first.</param>
    /// <param name="end">The key behind the last; without it to this level's end.</param>
    /// <param name="cancellationToken">Stops behind the step at hand; what was done stays done.</param>
    /// <returns>When it is done.</returns>
    /// <exception cref="RaveException">As of <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public async ValueTask CompactRangeAsync(Bound<TKey> start = default, Bound<TKey> end = default, CancellationToken cancellationToken = default)
    {
        using Observation? observed = Observation.Start("compact", Database);
        try
        {
            await Database.Engine.CompactAsync(Between(start, end), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (observed?.Notes(failure) is true)
        {
            throw;
        }
    }

    private KeyRange Between(Bound<TKey> start, Bound<TKey> end)
    {
        KeyRange range = new(ToBytes(start), ToBytes(end));
        return PrefixBytes.Length == 0 ? range : range.Intersect(KeyRange.OfPrefix(PrefixBytes));
    }
}
