using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Rave.Server.Cli;

// glibc keeps memory that LevelDB frees, in up to eight arenas for each processor. Each thread that writes leaves two write buffers
// in its arena: a leader that used 15 MB had 74 MB. Only our own programs change this. In other programs, it is the owner's decision.
internal static partial class NativeMemory
{
    private const string ArenaMax = "MALLOC_ARENA_MAX";

    private static readonly TimeSpan TrimPeriod = TimeSpan.FromMinutes(1);

    private static readonly bool IsGlibc = NativeLibrary.TryLoad("libc.so.6", out _);

    // Restarts this program in the same process (execv), with one arena for all threads. The limit must come from the environment:
    // when Main runs, the runtime's threads have already created five arenas, and these stay. Call it first, because execv drops
    // everything that is open. It does nothing if the limit is set already, or if a debugger or a diagnostic tool watches the start.
    internal static void RestartWithOneArena()
    {
        if (!IsGlibc
            || IsSet(ArenaMax)
            || IsSet("GLIBC_TUNABLES")
            || IsSet("DOTNET_DiagnosticPorts")
            || Debugger.IsAttached
            || Environment.ProcessPath is not { } program)
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
            // Without /proc, the program runs on with more arenas.
        }
    }

    // Returns free memory to the system once a minute, until the timer is disposed. This takes a few milliseconds. Null without glibc.
    internal static ITimer? TrimRegularly(TimeProvider time) =>
        IsGlibc ? time.CreateTimer(_ => _ = malloc_trim(0), null, TrimPeriod, TrimPeriod) : null;

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is not null;

    // The runtime listens there for tools such as dotnet-counters, and does not listen if the name is taken. The restarted program has
    // the same process id and start time, so its name would be taken by this one.
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
