using System.Globalization;

namespace Rave.Server.Files;

// Which files of a directory are LevelDB's: those that it takes for its own by their names (db/filename.cc), and no others. A server.log beside them is somebody else's.
internal static class FileNames
{
    internal const string Current = "CURRENT";

    private const string ManifestPrefix = "MANIFEST-";

    internal static FileKind KindOf(string name) => name switch
    {
        Current => FileKind.Current,
        "LOCK" => FileKind.Lock,
        "LOG" or "LOG.old" => FileKind.Events,
        _ when name.StartsWith(ManifestPrefix, StringComparison.Ordinal) => IsNumber(name.AsSpan(ManifestPrefix.Length)) ? FileKind.Manifest : FileKind.Foreign,
        _ when name.IndexOf('.') is > 0 and var dot && IsNumber(name.AsSpan(0, dot)) => KindOfEnding(name.AsSpan(dot)),
        _ => FileKind.Foreign,
    };

    // The names of LevelDB's files there. Only names: nothing is opened.
    internal static IEnumerable<string> In(string directory) =>
        Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).Where(name => KindOf(name) != FileKind.Foreign);

    internal static IEnumerable<string> In(string directory, FileKind kind) => In(directory).Where(name => KindOf(name) == kind);

    // Of a log, a table, a MANIFEST: several names may have one.
    internal static ulong NumberOf(string name) =>
        ulong.Parse(name.StartsWith(ManifestPrefix, StringComparison.Ordinal) ? name.AsSpan(ManifestPrefix.Length) : name.AsSpan(0, name.IndexOf('.')), NumberStyles.None, CultureInfo.InvariantCulture);

    private static FileKind KindOfEnding(ReadOnlySpan<char> ending) => ending switch
    {
        ".log" => FileKind.Log,
        ".ldb" or ".sst" => FileKind.Table,
        ".dbtmp" => FileKind.Temporary,
        _ => FileKind.Foreign,
    };

    // Of 64 bits, with or without leading zeros: LevelDB takes 5.log for a log as well as 000005.log, and does not know a number that is larger.
    private static bool IsNumber(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExceptInRange('0', '9') && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
