using System.Globalization;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

internal sealed partial class LevelStore
{
    public ValueTask<ClusterStatus?> ClusterAsync(CancellationToken cancellationToken) => default;

    public ValueTask<string?> PropertyAsync(string name, CancellationToken cancellationToken) => new(Property(name));

    // LevelDB reads a name only up to a zero, and would answer for the shorter name.
    private string? Property(string name) =>
        name.Contains('\0', StringComparison.Ordinal) ? null : LevelDbFailures.Translate(() => _database.Property(name));

    internal LevelFigures[] Levels() => LevelFigures.Parse(Property("leveldb.stats") ?? "");

    // An estimate.
    internal long MemoryBytes() =>
        long.TryParse(Property("leveldb.approximate-memory-usage"), CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;

    public ValueTask<long> ApproximateSizeAsync(KeyRange range, CancellationToken cancellationToken)
    {
        byte[] end = range.End ?? KeyRange.EndOfKeys(Limits.KeyBytes);
        return new(range.IsEmpty ? 0 : LevelDbFailures.Translate(() => _database.ApproximateSize(range.Start, end)));
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
