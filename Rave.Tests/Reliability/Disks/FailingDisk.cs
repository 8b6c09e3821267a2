using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A disk that fails writes to LevelDB's log with EIO for as long as a file exists.
internal sealed class FailingDisk : IDisposable
{
    private const string Source =
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>

        ssize_t write(int file, const void *bytes, size_t count)
        {
            static ssize_t (*real)(int, const void *, size_t);
            if (!real) real = dlsym(RTLD_NEXT, "write");
            const char *trigger = getenv("FAIL_WRITES_WHILE");
            if (trigger && access(trigger, F_OK) == 0)
            {
                char link[64], path[4096];
                snprintf(link, sizeof link, "/proc/self/fd/%d", file);
                ssize_t length = readlink(link, path, sizeof path - 1);
                if (length > 4 && memcmp(path + length - 4, ".log", 4) == 0)
                {
                    errno = EIO;
                    return -1;
                }
            }
            return real(file, bytes, count);
        }
        """;

    private readonly Shim _shim;

    private FailingDisk(Shim shim) => _shim = shim;

    internal static async Task<FailingDisk> CompileAsync() => new(await Shim.CompileAsync(Source));

    internal ChildProcess StartServer(string location) =>
        _shim.StartServer(location, start => start.Environment["FAIL_WRITES_WHILE"] = _shim["ill"]);

    internal void FallIll() => File.WriteAllText(_shim["ill"], "");

    internal void Recover() => File.Delete(_shim["ill"]);

    public void Dispose() => _shim.Dispose();
}
