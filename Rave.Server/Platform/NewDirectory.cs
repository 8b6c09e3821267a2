using System.Runtime.Versioning;

namespace Rave.Server.Platform;

// Creates directories that their owner can use even with an umask such as 0177.
internal static class NewDirectory
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // The directory has mode 0700 from the start. An existing directory is not changed. Missing parents are created as by `mkdir -p`.
    internal static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        MakeParents(Path.GetDirectoryName(full));
        if (Posix.TryMakeDirectory(full, (uint)Owner))
        {
            File.SetUnixFileMode(full, Owner);
        }
    }

    [UnsupportedOSPlatform("windows")]
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
