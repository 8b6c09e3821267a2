using Rave.Client.Telemetry;
using Rave.Server.Storage;

namespace Rave.Client;

public abstract partial class AbstractLevel<TKey, TValue>
{
    /// <summary>
    /// Estimates how much space a range takes on the disk, after compression. Recent writes that are still in LevelDB's memory are not
    /// included.
    /// </summary>
    /// <param name="start">The first key of the range. By default, the first key of this level.</param>
    /// <param name="end">The end of the range, which is not part of it. By default, the end of this level.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A task that completes with the size in bytes.</returns>
    /// <exception cref="RaveException">As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public async ValueTask<long> ApproximateSizeAsync(
        Bound<TKey> start = default, Bound<TKey> end = default, CancellationToken cancellationToken = default)
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
    /// Rewrites the files of a range, without overwritten and deleted data. It works step by step, while reads and writes continue. It has
    /// no deadline.
    /// </summary>
    /// <param name="start">The first key of the range. By default, the first key of this level.</param>
    /// <param name="end">The end of the range, which is not part of it. By default, the end of this level.</param>
    /// <param name="cancellationToken">Stops the compaction after the current step. Finished steps stay done.</param>
    /// <returns>A task that completes when the range is compacted.</returns>
    /// <exception cref="RaveException">As for <see cref="GetAsync(TKey, ReadOptions, CancellationToken)"/>.</exception>
    public async ValueTask CompactRangeAsync(
        Bound<TKey> start = default, Bound<TKey> end = default, CancellationToken cancellationToken = default)
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
