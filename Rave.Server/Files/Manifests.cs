namespace Rave.Server.Files;

// Which of a directory's MANIFESTs is to be believed.
internal static class Manifests
{
    // The one that CURRENT names; where that is not there, or says nothing, the newest that does. Null where none does.
    internal static Manifest? Find(string directory, out bool isCurrent)
    {
        string? current = Current(directory);
        foreach (string name in FileNames.In(directory, FileKind.Manifest).OrderByDescending(name => name == current).ThenByDescending(FileNames.NumberOf))
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

    // CURRENT holds a name and a line break; anything longer is garbage, and not read.
    private static string? Current(string directory)
    {
        string path = Path.Combine(directory, FileNames.Current);
        return File.Exists(path) && new FileInfo(path).Length < 100 ? File.ReadAllText(path).TrimEnd('\n') : null;
    }
}
