using System.Globalization;

namespace Rave.Server.Leadership;

// Who holds LevelDB's own LOCK without being a peer, as far as the system tells.
internal static class ForeignLock
{
    // A sentence's end: "process 123 (node)", or "a program that is no peer".
    internal static string Holder(DatabaseLocation location)
    {
        const string unknown = "a program that is no peer";
        if (!OperatingSystem.IsLinux() || FileIdentity.Of(Path.Combine(location.Directory, "LOCK")) is not { } file)
        {
            return unknown;
        }

        // 1: POSIX  ADVISORY  WRITE 4242 fe:00:1310734 0 EOF
        string suffix = ":" + file.Inode.ToString(CultureInfo.InvariantCulture);
        foreach (string line in File.ReadLines("/proc/locks"))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns is [_, "POSIX", _, "WRITE", string pid, string inode, ..] && inode.EndsWith(suffix, StringComparison.Ordinal))
            {
                return $"process {pid} ({Name(pid)}), which is no peer";
            }
        }

        return unknown;
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
