using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Rave.Server.Cli;

// What LevelDB frees, glibc keeps for later, in as many places (arenas) as threads ever allocated at once, eight a processor: whichever thread writes leaves two
// write buffers in its own, and a leader with 15 MB in use had 74 MB. For programs of ours alone: in somebody else's, these are its owner's to set.
internal static partial class NativeMemory
{
    private const string ArenaMax = "MALLOC_ARENA_MAX";

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private static readonly bool IsGlibc = NativeLibrary.TryLoad("libc.so.6", out _);

    // Begins this program anew, as the same process, with one arena for all threads. Only the environment can say so before the runtime's own threads have made
    // five, which stay. To be called first of all: what is open by then is lost. Goes on where that cannot be, where it was set, and where the start is watched.
    internal static void BeginWithOneArena()
    {
        if (!IsGlibc || IsSet(ArenaMax) || IsSet("GLIBC_TUNABLES") || IsSet("DOTNET_DiagnosticPorts") || Debugger.IsAttached || Environment.ProcessPath is not { } program)
        {
            return;
        }

        try
        {
            string[] arguments = Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1];
            File.Delete(DiagnosticSocket());
            _ = setenv(ArenaMax, "1", 1);
            _ = execv(program, [.. arguments, null]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc here.
        }
    }

    // Gives back to the system once a minute what is kept, which takes a few milliseconds, until it is disposed. Null where that is not glibc's to do.
    internal static ITimer? ReturnRegularly(TimeProvider time) => IsGlibc ? time.CreateTimer(_ => _ = malloc_trim(0), null, Period, Period) : null;

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is not null;

    // The runtime listens there for dotnet-counters and its like, and does without where the name is taken, even by itself: process and start are the same.
    private static string DiagnosticSocket()
    {
        string stat = File.ReadAllText("/proc/self/stat");
        string start = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        return Path.Combine(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-{start}-socket");
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execv(string path, string?[] arguments);
}
