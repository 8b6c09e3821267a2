namespace Rave.Server.Platform;

// Checks the umask for LevelDB. RaveLevel corrects the modes of its own files. It cannot correct those of LevelDB's files,
// because LevelDB opens them again itself.
internal static class Umask
{
    private const uint Root = 0;
    private const int OwnerReadWrite = 0x180;

    internal static void ThrowIfUnusable()
    {
        if (OperatingSystem.IsLinux() && Posix.EffectiveUser != Root && Current() is { } mask && (mask & OwnerReadWrite) != 0)
        {
            throw new RaveException(
                ErrorCodes.IoError,
                $"With the umask 0{Convert.ToString(mask, 8)} LevelDB could not read or write its own files. "
                + "Start this program with another umask, for example after `umask 077`.");
        }
    }

    // The system call umask also changes the value for the whole process. /proc only reads it.
    private static int? Current()
    {
        try
        {
            const string field = "Umask:";
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return line is null ? null : Convert.ToInt32(line[field.Length..].Trim(), 8);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException)
        {
            // The umask is unknown. If it is unusable, LevelDB reports which file it could not open.
            return null;
        }
    }
}
