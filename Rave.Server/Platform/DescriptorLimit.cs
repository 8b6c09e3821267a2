namespace Rave.Server.Platform;

// How many files this process may have open at once. The runtime keeps its assemblies open, LevelDB its logs and tables: a leader that serves a few has
// some 180, and what fails for want of one fails anywhere, in words that help nobody.
internal static class DescriptorLimit
{
    private const ulong Least = 256;

    internal static void RefuseTooLow()
    {
        if (!OperatingSystem.IsWindows() && Posix.FileLimit is < Least and var limit)
        {
            throw new RaveException(ErrorCodes.IoError, $"This process may open {limit} files at once; RaveLevel needs {Least}, and a leader of many clients more. Raise the limit first: ulimit -n 4096.");
        }
    }
}
