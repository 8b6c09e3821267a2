using System.Runtime.InteropServices;

namespace Rave.Server.LevelDb;

// What LevelDB frees, glibc keeps for later, and in as many places (arenas) as threads ever allocated at once, eight a processor: a leader under load
// had 9 MB in use and 37 MB kept. For programs of ours alone: in somebody else's, these are its owner's to set.
internal static unsafe class NativeMemory
{
    // malloc.h
    private const int ArenaMax = -8;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private static readonly nint C = NativeLibrary.TryLoad("libc.so.6", out nint library) ? library : 0;

    // No more than there are: those of the runtime's own threads stay, and others share them. At the start, before there are more.
    internal static void KeepArenasFew()
    {
        if (Find("mallopt") is var found and not 0)
        {
            _ = ((delegate* unmanaged<int, int, int>)found)(ArenaMax, Environment.ProcessorCount);
        }
    }

    // Gives back to the system every ten seconds what is kept, which takes a few milliseconds, until it is disposed. Null where that is not glibc's to do.
    internal static ITimer? ReturnRegularly(TimeProvider time)
    {
        nint found = Find("malloc_trim");
        return found == 0 ? null : time.CreateTimer(_ => _ = ((delegate* unmanaged<nuint, int>)found)(0), null, Period, Period);
    }

    // 0 where the C library is another one.
    private static nint Find(string function) => C != 0 && NativeLibrary.TryGetExport(C, function, out nint found) ? found : 0;
}
