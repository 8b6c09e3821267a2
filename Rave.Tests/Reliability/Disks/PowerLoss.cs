using System.Globalization;
using Rave.Server.Platform;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A server that records the length of each file at its last sync, and a cut to these lengths: the files of a machine after a loss of
// power in the worst case. Files keep their names, as on a journalled file system.
internal sealed class PowerLoss : IDisposable
{
    private const string Source =
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <limits.h>
        #include <signal.h>
        #include <stdarg.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/types.h>
        #include <time.h>
        #include <unistd.h>

        static const char *directory;
        static int journal;
        static long last;
        static atomic_long syncs;

        __attribute__((constructor)) static void begin(void)
        {
            const char *file = getenv("SYNC_JOURNAL"), *dies = getenv("SYNC_DIES");
            if (!file) return;
            journal = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_APPEND | O_CLOEXEC);
            if (journal < 0) abort();
            last = dies ? atol(dies) : 0;
            directory = getenv("SYNC_DIRECTORY");
        }

        // Each line in one call, so that it is complete after any end of this process.
        static void note(char what, long long number, long long length)
        {
            char line[64];
            int size = snprintf(line, sizeof line, "%c %lld %lld\n", what, number, length);
            if (syscall(SYS_write, journal, line, size) != size) abort();
        }

        static int is_file_below(int file, struct stat *found)
        {
            char link[32], path[PATH_MAX];
            if (!directory || fstat(file, found) != 0 || !S_ISREG(found->st_mode)) return 0;
            snprintf(link, sizeof link, "/proc/self/fd/%d", file);
            ssize_t size = readlink(link, path, sizeof path - 1);
            path[size > 0 ? size : 0] = 0;
            return strncmp(path, directory, strlen(directory)) == 0 && path[strlen(directory)] == '/';
        }

        // The length before the call: bytes that are appended meanwhile may not be on the disk. It is recorded before the caller gets the
        // result.
        static int synced(int file, int (*real)(int))
        {
            struct stat found;
            int ours = is_file_below(file, &found);
            if (ours && last && ++syncs == last) kill(getpid(), SIGKILL);
            int result = real(file);
            if (ours && result == 0) note('s', found.st_ino, found.st_size);
            return result;
        }

        // A new or emptied file has nothing on the disk, even if its inode had before.
        static int opened(int file, int flags, const char *path)
        {
            struct stat found;
            if (file < 0 || !(flags & (O_CREAT | O_TRUNC)) || !is_file_below(file, &found) || found.st_size != 0) return file;
            note('s', found.st_ino, 0);
            size_t length = strlen(path);
            struct timespec now;
            clock_gettime(CLOCK_MONOTONIC, &now);
            if (length > 4 && strcmp(path + length - 4, ".log") == 0) note('l', now.tv_sec * 1000000000LL + now.tv_nsec, 0);
            return file;
        }

        #define REAL(type, name, parameters) static type (*real) parameters; if (!real) real = dlsym(RTLD_NEXT, #name)

        #define TAKE_OPEN(name, parameters, arguments) \
            int name parameters \
            { \
                REAL(int, name, parameters); \
                mode_t mode = 0; \
                if (flags & (O_CREAT | __O_TMPFILE)) \
                { \
                    va_list rest; \
                    va_start(rest, flags); \
                    mode = va_arg(rest, mode_t); \
                    va_end(rest); \
                } \
                return opened(real arguments, flags, path); \
            }

        #define TAKE_TRUNCATE(name, type) \
            int name(int file, type length) \
            { \
                REAL(int, name, (int, type)); \
                struct stat found; \
                if (is_file_below(file, &found) && length < found.st_size) note('s', found.st_ino, 0); \
                return real(file, length); \
            }

        TAKE_OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
        TAKE_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
        TAKE_OPEN(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode))
        TAKE_OPEN(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode))
        TAKE_TRUNCATE(ftruncate, off_t)
        TAKE_TRUNCATE(ftruncate64, off64_t)

        int fdatasync(int file)
        {
            REAL(int, fdatasync, (int));
            return synced(file, real);
        }

        int fsync(int file)
        {
            REAL(int, fsync, (int));
            return synced(file, real);
        }
        """;

    private readonly Shim _shim;

    // By inode, which a file keeps under another name.
    private Dictionary<ulong, long> _synced = [];
    private string _location = "";

    private PowerLoss(Shim shim) => _shim = shim;

    // When LevelDB began another log: from then on it writes there, and syncs the one before no more.
    internal List<long> LogsBegun { get; } = [];

    internal static async Task<PowerLoss> CompileAsync() => new(await Shim.CompileAsync(Source));

    // Existing contents are on the disk. The server can be told to die of SIGKILL before one of its syncs.
    internal ChildProcess StartServer(string location, int? diesAtSync = null)
    {
        _location = location;
        _synced = Directory.Exists(location) ? Files()
            .ToDictionary(file => FileIdentity.Of(file.FullName)!.Value.Inode, file => file.Length) : [];
        LogsBegun.Clear();
        File.WriteAllText(_shim["journal"], "");
        return _shim.StartServer(location, start =>
        {
            start.Environment["SYNC_JOURNAL"] = _shim["journal"];
            start.Environment["SYNC_DIRECTORY"] = location;
            if (diesAtSync is { } dies)
            {
                start.Environment["SYNC_DIES"] = dies.ToString(CultureInfo.InvariantCulture);
            }
        });
    }

    // Call it after the server has ended. Every file loses its unsynced part, or a random end of this part. Returns the number of lost
    // bytes.
    internal long Cut(Random? beyond = null)
    {
        foreach (string[] note in File.ReadLines(_shim["journal"]).Select(line => line.Split(' ')))
        {
            if (note[0] == "l")
            {
                LogsBegun.Add(long.Parse(note[1], CultureInfo.InvariantCulture));
            }
            else
            {
                _synced[ulong.Parse(note[1], CultureInfo.InvariantCulture)] = long.Parse(note[2], CultureInfo.InvariantCulture);
            }
        }

        long lost = 0;
        foreach (FileInfo file in Files())
        {
            long synced = Math.Min(_synced.GetValueOrDefault(FileIdentity.Of(file.FullName)!.Value.Inode), file.Length);
            long kept = beyond?.NextInt64(synced, file.Length + 1) ?? synced;
            lost += file.Length - kept;
            Cut(file.FullName, kept);
        }

        return lost;
    }

    internal static void Cut(string file, long kept)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Write);
        stream.SetLength(kept);
    }

    public void Dispose() => _shim.Dispose();

    private IEnumerable<FileInfo> Files() =>
        new DirectoryInfo(_location).GetFiles().Where(file => FileIdentity.Of(file.FullName) is { IsSocket: false });
}
