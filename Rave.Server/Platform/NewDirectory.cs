using System.Runtime.Versioning;

namespace Rave.Server.Platform;

// Makes directories that work whatever the umask: it may take away what their owner needs, as `umask 0177` does.
[UnsupportedOSPlatform("windows")]
internal static class NewDirectory
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // 0700, its owner's alone from the first moment. One that is there already is left as it is. Parents that are missing are made as `mkdir -p` makes them.
    internal static void Make(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        MakeParents(Path.GetDirectoryName(full));
        if (Posix.TryMakeDirectory(full, (uint)Owner))
        {
            File.SetUnixFileMode(full, Owner);
        }
    }

    private static void MakeParents(string? path)
    {
        if (path is null || Directory.Exists(path))
        {
            return;
        }

        MakeParents(Path.GetDirectoryName(path));
        if (Posix.TryMakeDirectory(path, 0x1FF))
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
