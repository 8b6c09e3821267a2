using System.Globalization;
using System.Runtime.InteropServices;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

internal enum CallKind
{
    Write,
    Sync,
    Open,
    Rename,
}

internal enum CallError
{
    // EIO, EMFILE and ENOSPC, by their numbers.
    InputOutput = 5,
    TooManyFiles = 24,
    NoSpace = 28,
}

// The calls of one kind on a database's files that fail, counted from 1.
internal sealed record CallFault(CallKind Kind, CallError Error, int First, int Count)
{
    internal static readonly CallFault None = new(CallKind.Write, CallError.InputOutput, 0, 0);
}

// A server whose calls on its database's files are counted, and fail on command: LevelDB's, .NET's and ours.
internal sealed class FailingCalls : IDisposable
{
    private const string Source =
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <limits.h>
        #include <stdarg.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/types.h>
        #include <sys/uio.h>
        #include <unistd.h>

        enum { WRITE, SYNC, OPEN, RENAME, KINDS };

        // Shared with the test, so that it survives any end of this process.
        static struct { atomic_long calls[KINDS], failed; } *tally;
        static const char *directory;
        static size_t length;
        static int kind, error;
        static long first, count;

        __attribute__((constructor)) static void begin(void)
        {
            const char *fault = getenv("FAULT"), *file = getenv("FAULT_TALLY"), *path = getenv("FAULT_DIRECTORY");
            if (!fault || !file || !path || sscanf(fault, "%d %d %ld %ld", &kind, &error, &first, &count) != 4) return;
            int opened = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
            tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
            close(opened);
            if (tally == MAP_FAILED) abort();
            length = strlen(path);
            directory = path;
        }

        static int is_below(const char *path)
        {
            return directory && strncmp(path, directory, length) == 0 && (path[length] == '/' || !path[length]);
        }

        static int path_of(int file, char *path)
        {
            char link[32];
            snprintf(link, sizeof link, "/proc/self/fd/%d", file);
            ssize_t bytes = readlink(link, path, PATH_MAX - 1);
            path[bytes > 0 ? bytes : 0] = 0;
            return bytes > 0;
        }

        static int is_file_below(int file)
        {
            char path[PATH_MAX];
            return directory && path_of(file, path) && is_below(path);
        }

        static int is_path_below(int at, const char *path)
        {
            char base[PATH_MAX], whole[2 * PATH_MAX];
            if (!directory || path[0] == '/') return is_below(path);
            if (!(at == AT_FDCWD ? getcwd(base, sizeof base) != NULL : path_of(at, base))) return 0;
            snprintf(whole, sizeof whole, "%s/%s", base, path);
            return is_below(whole);
        }

        static int fails(int what)
        {
            long number = ++tally->calls[what];
            if (what != kind || number < first || number >= first + count) return 0;
            ++tally->failed;
            errno = error;
            return 1;
        }

        static void *(*libc_dlsym(void))(void *, const char *)
        {
            static void *(*found)(void *, const char *);
            const char *versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
            for (int i = 0; !found && i < 3; i++) found = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
            return found;
        }

        #define TAKE(type, name, parameters, arguments, ours, what, failure) \
            type name parameters \
            { \
                static type (*real) parameters; \
                if (!real) real = libc_dlsym()(RTLD_NEXT, #name); \
                return ours && fails(what) ? failure : real arguments; \
            }

        #define TAKE_OPEN(name, parameters, arguments, at) \
            int name parameters \
            { \
                static int (*real) parameters; \
                if (!real) real = libc_dlsym()(RTLD_NEXT, #name); \
                mode_t mode = 0; \
                if (flags & (O_CREAT | __O_TMPFILE)) \
                { \
                    va_list rest; \
                    va_start(rest, flags); \
                    mode = va_arg(rest, mode_t); \
                    va_end(rest); \
                } \
                return is_path_below(at, path) && fails(OPEN) ? -1 : real arguments; \
            }

        TAKE(ssize_t, write, (int file, const void *bytes, size_t size), (file, bytes, size), is_file_below(file), WRITE, -1)
        TAKE(ssize_t, pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at), is_file_below(file), WRITE, -1)
        TAKE(ssize_t, pwrite64, (int file, const void *bytes, size_t size, off64_t at),
            (file, bytes, size, at), is_file_below(file), WRITE, -1)
        TAKE(ssize_t, writev, (int file, const struct iovec *parts, int size), (file, parts, size), is_file_below(file), WRITE, -1)
        TAKE(int, fdatasync, (int file), (file), is_file_below(file), SYNC, -1)
        TAKE(int, fsync, (int file), (file), is_file_below(file), SYNC, -1)
        TAKE_OPEN(open, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
        TAKE_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
        TAKE_OPEN(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode), at)
        TAKE_OPEN(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode), at)
        TAKE(int, __open_2, (const char *path, int flags), (path, flags), is_path_below(AT_FDCWD, path), OPEN, -1)
        TAKE(int, __open64_2, (const char *path, int flags), (path, flags), is_path_below(AT_FDCWD, path), OPEN, -1)
        TAKE(int, creat, (const char *path, mode_t mode), (path, mode), is_path_below(AT_FDCWD, path), OPEN, -1)
        TAKE(int, creat64, (const char *path, mode_t mode), (path, mode), is_path_below(AT_FDCWD, path), OPEN, -1)
        TAKE(FILE *, fopen, (const char *path, const char *mode), (path, mode), is_path_below(AT_FDCWD, path), OPEN, NULL)
        TAKE(FILE *, fopen64, (const char *path, const char *mode), (path, mode), is_path_below(AT_FDCWD, path), OPEN, NULL)
        TAKE(int, rename, (const char *from, const char *to), (from, to), is_path_below(AT_FDCWD, to), RENAME, -1)
        TAKE(int, renameat, (int at, const char *from, int into, const char *to), (at, from, into, to), is_path_below(into, to), RENAME, -1)
        TAKE(int, renameat2, (int at, const char *from, int into, const char *to, unsigned int flags),
            (at, from, into, to, flags), is_path_below(into, to), RENAME, -1)

        // .NET looks up its imports in libc itself. All other look-ups are forwarded by a jump, so that RTLD_NEXT continues from the
        // caller.
        void *dlsym(void *library, const char *name)
        {
            if (library != RTLD_NEXT && library != RTLD_DEFAULT && strcmp(name, "open") == 0) return open;
            if (library != RTLD_NEXT && library != RTLD_DEFAULT && strcmp(name, "rename") == 0) return rename;
            return libc_dlsym()(library, name);
        }
        """;

    private readonly Shim _shim;
    private int _servers;

    private FailingCalls(Shim shim) => _shim = shim;

    internal static async Task<FailingCalls> CompileAsync() => new(await Shim.CompileAsync(Source));

    // A server, and the file in which its calls are counted.
    internal ChildProcess StartServer(string location, CallFault fault, out string tally)
    {
        string file = tally = _shim[string.Create(CultureInfo.InvariantCulture, $"tally-{Interlocked.Increment(ref _servers)}")];
        File.WriteAllBytes(file, new byte[4096]);
        return _shim.StartServer(location, start =>
        {
            start.Environment["FAULT"] =
                string.Create(CultureInfo.InvariantCulture, $"{(int)fault.Kind} {(int)fault.Error} {fault.First} {fault.Count}");
            start.Environment["FAULT_DIRECTORY"] = location;
            start.Environment["FAULT_TALLY"] = file;
        });
    }

    // How many calls of the kind there were.
    internal static long Calls(string tally, CallKind kind) => Read(tally)[(int)kind];

    // How many calls failed.
    internal static long Failed(string tally) => Read(tally)[Enum.GetValues<CallKind>().Length];

    public void Dispose() => _shim.Dispose();

    private static long[] Read(string tally) => MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(tally))[..8].ToArray();
}
