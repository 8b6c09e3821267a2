using System.Runtime.InteropServices;

namespace Rave.Server.Cli;

// What LevelDB frees, glibc keeps: in an arena for each thread that ever allocated, between blocks that live on. A leader under load grew by 30 MB
// in twenty minutes, and used 17 of them. Only in a process of ours: in somebody else's, its own memory would be walked as well.
internal static unsafe class FreedMemory
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // Gives it back to the system once a minute, which takes a few milliseconds, until it is disposed. Null where that is not glibc's to do.
    internal static ITimer? ReturnRegularly(TimeProvider time)
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out nint libc) || !NativeLibrary.TryGetExport(libc, "malloc_trim", out nint export))
        {
            return null;
        }

        delegate* unmanaged<nuint, int> trim = (delegate* unmanaged<nuint, int>)export;
        return time.CreateTimer(_ => trim(0), null, Period, Period);
    }
}
