using System.Globalization;

namespace Rave.Server.Files;

// Recognizes LevelDB's files by their names, exactly as LevelDB does (db/filename.cc). For example, server.log is not one.
internal static class FileNames
{
    internal const string Current = "CURRENT";

    private const string ManifestPrefix = "MANIFEST-";

    internal static FileKind KindOf(string name) => name switch
    {
        Current => FileKind.Current,
        "LOCK" => FileKind.Lock,
        "LOG" or "LOG.old" => FileKind.Events,
        _ when IsManifest(name) && IsNumber(name.AsSpan(ManifestPrefix.Length)) => FileKind.Manifest,
        _ when name.IndexOf('.') is > 0 and var dot && IsNumber(name.AsSpan(0, dot)) => KindOfExtension(name.AsSpan(dot)),
        _ => FileKind.Foreign,
    };

    // The names of LevelDB's files in the directory. No file is opened.
    internal static IEnumerable<string> In(string directory) =>
        Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).Where(name => KindOf(name) != FileKind.Foreign);

    internal static IEnumerable<string> In(string directory, FileKind kind) => In(directory).Where(name => KindOf(name) == kind);

    // The number of a log, table or MANIFEST. Several files may have the same one.
    internal static ulong NumberOf(string name)
    {
        ReadOnlySpan<char> number = IsManifest(name) ? name.AsSpan(ManifestPrefix.Length) : name.AsSpan(0, name.IndexOf('.'));
        return ulong.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static bool IsManifest(string name) => name.StartsWith(ManifestPrefix, StringComparison.Ordinal);

    private static FileKind KindOfExtension(ReadOnlySpan<char> extension) => extension switch
    {
        ".log" => FileKind.Log,
        ".ldb" or ".sst" => FileKind.Table,
        ".dbtmp" => FileKind.Temporary,
        _ => FileKind.Foreign,
    };

    // A number of 64 bits, with or without leading zeros: for LevelDB, 5.log is a log just as 000005.log is.
    private static bool IsNumber(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExceptInRange('0', '9') && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
