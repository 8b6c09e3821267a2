using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A disk that fails writes to LevelDB's log with EIO for as long as a file exists: a shim that is loaded before libc. Skipped where there is no gcc.
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

    private readonly TempDirectory _directory = new();

    private FailingDisk()
    {
    }

    internal static async Task<FailingDisk> CompileAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "LD_PRELOAD is Linux's.");
        FailingDisk disk = new();
        await File.WriteAllTextAsync(disk._directory["shim.c"], Source);
        try
        {
            await using ChildProcess gcc = ChildProcess.Start("gcc", "-shared", "-fPIC", "-o", disk._directory["shim.so"], disk._directory["shim.c"], "-ldl");
            (await gcc.WaitForExitAsync()).ShouldBe(0, await gcc.Errors);
            return disk;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            disk.Dispose();
            Assert.Skip("gcc is not installed.");
            throw;
        }
    }

    internal ChildProcess StartServer(string location) => ChildProcess.Start(ChildProcess.ServerPath, [location], start =>
    {
        start.Environment["LD_PRELOAD"] = _directory["shim.so"];
        start.Environment["FAIL_WRITES_WHILE"] = _directory["ill"];
    });

    internal void FallIll() => File.WriteAllText(_directory["ill"], "");

    internal void Recover() => File.Delete(_directory["ill"]);

    public void Dispose() => _directory.Dispose();
}
