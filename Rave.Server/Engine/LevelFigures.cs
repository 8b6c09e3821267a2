using System.Globalization;

namespace Rave.Server.Engine;

// The size of one level of LevelDB's tree.
internal readonly record struct LevelFigures(int Level, long Files, long Bytes)
{
    // config::kNumLevels of LevelDB.
    private const int Levels = 7;

    private const long Megabyte = 1 << 20;

    // From the property leveldb.stats: two lines of heading, then a line for each level that is not empty. Its first three columns are
    // the level, its files and its megabytes.
    internal static LevelFigures[] Parse(string stats)
    {
        LevelFigures[] levels = [.. Enumerable.Range(0, Levels).Select(level => new LevelFigures(level, 0, 0))];
        foreach (string line in stats.Split('\n'))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length >= 3
                && int.TryParse(columns[0], NumberStyles.None, CultureInfo.InvariantCulture, out int level) && level < Levels
                && long.TryParse(columns[1], NumberStyles.None, CultureInfo.InvariantCulture, out long files)
                && double.TryParse(columns[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double megabytes))
            {
                levels[level] = new(level, files, (long)(megabytes * Megabyte));
            }
        }

        return levels;
    }
}
