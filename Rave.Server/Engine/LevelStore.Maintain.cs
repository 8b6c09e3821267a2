using System.Globalization;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken) => new(Property(name));

    private string? Property(string name)
    {
        try
        {
            // LevelDB reads a name only up to a zero, and would answer for the shorter name.
            return name.Contains('\0', StringComparison.Ordinal) ? null : _database.Property(name);
        }
        catch (Exception e) when (LevelDbFailures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    internal LevelFigures[] Levels() => LevelFigures.Parse(Property("leveldb.stats") ?? "");

    // An estimate.
    internal long MemoryBytes() =>
        long.TryParse(Property("leveldb.approximate-memory-usage"), CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken)
    {
        try
        {
            return new(range.IsEmpty ? 0 : _database.ApproximateSize(range.Start, range.End ?? KeyRange.EndOfKeys(Limits.KeyBytes)));
        }
        catch (Exception e) when (LevelDbFailures.From(e) is { } failure)
        {
            throw failure;
        }
    }

    public async ValueTask CompactAsync(KeyRange range, CancellationToken cancellationToken)
    {
        if (IsReadOnly)
        {
            throw ReadOnly();
        }

        try
        {
            await _compaction.RunAsync(range, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (LevelDbFailures.From(e) is { } failure)
        {
            throw failure;
        }
    }
}
