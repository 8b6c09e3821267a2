namespace Rave.Server.Files;

// Chooses the MANIFEST of a directory.
internal static class Manifests
{
    // The one that CURRENT names. If it is missing or unreadable, the newest readable one. Null if there is none.
    internal static Manifest? Find(string directory, out bool isCurrent)
    {
        string? current = Current(directory);
        IEnumerable<string> names = FileNames.In(directory, FileKind.Manifest);
        foreach (string name in names.OrderByDescending(name => name == current).ThenByDescending(FileNames.NumberOf))
        {
            Manifest manifest = Manifest.Read(Path.Combine(directory, name));
            if (manifest is not { Comparator: null, UnknownTag: null })
            {
                isCurrent = name == current;
                return manifest;
            }
        }

        isCurrent = false;
        return null;
    }

    // CURRENT has a name and a line break. Anything longer is garbage.
    private static string? Current(string directory)
    {
        string path = Path.Combine(directory, FileNames.Current);
        return File.Exists(path) && new FileInfo(path).Length < 100 ? File.ReadAllText(path).TrimEnd('\n') : null;
    }
}
