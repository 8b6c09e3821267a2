using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Rave.Server.LevelDb;

// Finds libleveldb: at the path in RAVE_LEVELDB, in the program's folder, or in the system's folders.
internal static class LibraryResolver
{
    private const string PathVariable = "RAVE_LEVELDB";

    private static readonly Lazy<nint> Loaded = new(Load);

    // Must be called before the first native call. If the library is missing, the exception has the command that installs it.
    internal static void Ensure() => _ = Resolver.Value;

    private static readonly Lazy<bool> Resolver = new(static () =>
    {
        _ = Loaded.Value;
        NativeLibrary.SetDllImportResolver(
            typeof(LibraryResolver).Assembly,
            static (name, _, _) => name == NativeMethods.Library ? Loaded.Value : 0);
        return true;
    });

    private static nint Load()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path)
        {
            return NativeLibrary.TryLoad(path, out nint chosen)
                ? chosen
                : throw new LevelDbException(
                    LevelDbError.LibraryMissing, $"The library '{path}' could not be loaded. Correct the variable {PathVariable}.");
        }

        string[] names = FileNames();
        foreach (string folder in AppFolders())
        {
            // Debian's libleveldb needs Snappy, which the loader would search only in the system's folders.
            NativeLibrary.TryLoad(Path.Combine(folder, "libsnappy.so.1"), out _);
            foreach (string name in names)
            {
                if (NativeLibrary.TryLoad(Path.Combine(folder, name), out nint own))
                {
                    return own;
                }
            }
        }

        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, typeof(LibraryResolver).Assembly, DllImportSearchPath.SafeDirectories, out nint system))
            {
                return system;
            }
        }

        throw new LevelDbException(
            LevelDbError.LibraryMissing,
            $"LevelDB's library was not found. Install it with '{InstallCommand()}', or set {PathVariable} to its path.");
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Location is empty in a single file, and the code handles that.")]
    private static IEnumerable<string> AppFolders()
    {
        yield return AppContext.BaseDirectory;
        string? beside = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        if (!string.IsNullOrEmpty(beside) && Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory) != beside)
        {
            yield return beside;
        }
    }

    private static string[] FileNames() =>
        OperatingSystem.IsWindows() ? ["leveldb.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libleveldb.dylib", "libleveldb.1.dylib", "/opt/homebrew/lib/libleveldb.dylib", "/usr/local/lib/libleveldb.dylib"]
        : ["libleveldb.so.1d", "libleveldb.so.1", "libleveldb.so"];

    private static string InstallCommand() =>
        OperatingSystem.IsWindows() ? "vcpkg install leveldb"
        : OperatingSystem.IsMacOS() ? "brew install leveldb"
        : File.Exists("/usr/bin/dnf") ? "sudo dnf install leveldb"
        : "sudo apt-get install libleveldb1d";
}
