using Rave.Server.Platform;

namespace Rave.Server.Location;

// A failure of the file system as a RaveException.
internal static class FileFailure
{
    // ENOSPC and EDQUOT, as .NET and Posix report them; Windows' ERROR_DISK_FULL.
    private const int NoSpace = 28;
    private static readonly int Quota = OperatingSystem.IsLinux() ? 122 : 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    internal static RaveException Of(string sentence, Exception cause) =>
        new(ErrorCodes.IoError, $"{sentence}: {cause.Root().Message}", cause) { DiskFull = IsDiskFull(cause) };

    private static bool IsDiskFull(Exception cause) => cause is IOException && (OperatingSystem.IsWindows()
        ? cause.HResult == WindowsDiskFull
        : cause.HResult == NoSpace || cause.HResult == Quota);
}
