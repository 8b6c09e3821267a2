using System.Globalization;

namespace Rave.Server.Storage;

internal sealed partial class Store
{
    // A property of the engine's own, or null where it does not know the name.
    internal string? Property(string name)
    {
        try
        {
            // LevelDB would stop reading at a zero and take the name for a shorter one.
            return name.Contains('\0', StringComparison.Ordinal) ? null : _database.Property(name);
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // What each level of files holds.
    internal LevelFigures[] Levels() => LevelFigures.Parse(Property("leveldb.stats") ?? "");

    // About how much memory the engine uses.
    internal long MemoryBytes() =>
        long.TryParse(Property("leveldb.approximate-memory-usage"), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;

    // About how many bytes a range takes on disk. What was written last and is still in memory is not counted.
    internal long ApproximateSize(KeyRange range)
    {
        try
        {
            return range.IsEmpty ? 0 : _database.ApproximateSize(range.Start, range.End ?? KeyRange.Behind(Limits.KeyBytes));
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    // Rewrites a range without what was overwritten or deleted in it. Cancelled between steps; what was done stays done.
    internal async Task CompactAsync(KeyRange range, CancellationToken cancellationToken)
    {
        if (IsReadOnly)
        {
            throw ReadOnly();
        }

        try
        {
            await _compaction.RunAsync(range, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Failures.From(e) is { } failure)
        {
            throw failure;
        }
    }
}
