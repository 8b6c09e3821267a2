namespace Rave.Server.Platform;

// The limit of open files. The runtime keeps its assemblies open, and LevelDB its logs and tables: a leader with a few clients
// has about 180 open files. Without this check, a process with a low limit fails at some later point with an unclear error.
internal static class DescriptorLimit
{
    private const ulong Least = 256;

    internal static void ThrowIfTooLow()
    {
        if (!OperatingSystem.IsWindows() && Posix.FileLimit is < Least and var limit)
        {
            throw new RaveException(
                ErrorCodes.IoError,
                $"This process may open {limit} files at once. RaveLevel needs at least {Least}, and more for many clients. "
                + "Raise the limit, for example with `ulimit -n 4096`.");
        }
    }
}
