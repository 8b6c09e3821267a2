using System.Globalization;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// Finds the process that holds a lock on a file, for messages.
internal static class LockHolder
{
    // The kinds of locks in /proc/locks. rave.lock has the first, LevelDB's LOCK the second.
    internal const string Flock = "FLOCK";
    internal const string Posix = "POSIX";

    // For example "process 123 (node)". Null if there is no holder, or the system does not show it.
    internal static string? Find(string path, string kind)
    {
        try
        {
            return OperatingSystem.IsLinux() && FileIdentity.Of(path) is { } file ? Find(file, kind) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // /proc may be restricted.
            return null;
        }
    }

    private static string? Find(FileIdentity file, string kind)
    {
        // 1: POSIX  ADVISORY  WRITE 4242 fe:00:1310734 0 EOF
        string exact = string.Create(CultureInfo.InvariantCulture, $"{file.Device >> 32:x2}:{(uint)file.Device:x2}:{file.Inode}");
        string inode = string.Create(CultureInfo.InvariantCulture, $":{file.Inode}");
        foreach (string line in File.ReadLines("/proc/locks"))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns is [_, string held, _, "WRITE", string pid, string place, ..]
                && held == kind
                && (place == exact || (place.EndsWith(inode, StringComparison.Ordinal) && HasOpen(pid, file))))
            {
                return $"process {pid} ({Name(pid)})";
            }
        }

        return null;
    }

    // Other file systems have files with the same inode. And some, such as btrfs and overlays, show another device here than a file has.
    private static bool HasOpen(string pid, FileIdentity file)
    {
        try
        {
            return new DirectoryInfo($"/proc/{pid}/fd").EnumerateFileSystemInfos()
                .Any(open => open.LinkTarget is ['/', ..] path && FileIdentity.Of(path) is { } found && found.IsSameFile(file));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return false;
        }
    }

    private static string Name(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return "gone";
        }
    }
}
