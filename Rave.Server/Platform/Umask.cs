namespace Rave.Server.Platform;

// What the umask of this process takes from the files that LevelDB makes. We correct the modes of our own, and cannot those of LevelDB's, which it opens again itself.
internal static class Umask
{
    private const uint Root = 0;
    private const int OwnerReadWrite = 0x180;

    internal static void RefuseUnusable()
    {
        if (OperatingSystem.IsLinux() && Posix.EffectiveUser != Root && Current() is { } mask && (mask & OwnerReadWrite) != 0)
        {
            throw new RaveException(
                ErrorCodes.IoError,
                $"With the umask 0{Convert.ToString(mask, 8)} LevelDB's files could not be read or written by their own owner. Start with another one: umask 077.");
        }
    }

    // Asking the system sets it, for the whole process; /proc only tells.
    private static int? Current()
    {
        try
        {
            const string field = "Umask:";
            return File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) is { } line
                ? Convert.ToInt32(line[field.Length..].Trim(), 8)
                : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException)
        {
            // A system that does not tell: LevelDB says what it could not open.
            return null;
        }
    }
}
