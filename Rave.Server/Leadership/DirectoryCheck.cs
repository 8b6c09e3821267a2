using Rave.Server.Contracts;

namespace Rave.Server.Leadership;

// Looks at a directory before LevelDB does. Without CURRENT, LevelDB would take it for empty, make a new database and delete the old one's files.
internal static class DirectoryCheck
{
    // What a creation that was interrupted leaves behind: LevelDB goes on from there.
    private const string FirstManifest = "MANIFEST-000001";

    internal static void Refuse(DatabaseLocation location)
    {
        if (!location.HasDatabase && System.IO.Directory.EnumerateFiles(location.Directory).Select(Path.GetFileName).FirstOrDefault(IsData) is { } file)
        {
            throw new LevelException(
                ErrorCodes.Corruption,
                $"'{location.Directory}' holds data ({file}) but no CURRENT file. LevelDB would delete it: restore CURRENT from a backup, or move the files away.");
        }
    }

    private static bool IsData(string? name) =>
        name is not null
        && (name.EndsWith(".ldb", StringComparison.Ordinal)
            || name.EndsWith(".sst", StringComparison.Ordinal)
            || name.EndsWith(".log", StringComparison.Ordinal)
            || (name.StartsWith("MANIFEST-", StringComparison.Ordinal) && name != FirstManifest));
}
