using System.Diagnostics;
using Rave.Tests.Harness;

namespace Rave.Tests.Etcd;

// The program etcd: the installed one, or Debian's package, unpacked beside the build of the tests.
internal static class EtcdProgram
{
    internal const string Missing = "There is no etcd on this machine, and apt-get has none to download.";

    // Null if there is none.
    internal static readonly Task<string?> Found = Task.Run(FindAsync);

    // Skips the test if there is none.
    internal static async Task<string> PathAsync()
    {
        string? path = await Found.WaitAsync(Waiting.WholeRun);
        Assert.SkipWhen(path is null, Missing);
        return path!;
    }

    private static async Task<string?> FindAsync()
    {
        string fetched = Repository.PathOf("Rave.Tests/obj/etcd");
        string own = Path.Combine(fetched, "etcd");
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "etcd")).Append(own).FirstOrDefault(File.Exists);
        if (path is not null || !File.Exists("/usr/bin/apt-get") || !File.Exists("/usr/bin/dpkg"))
        {
            return path;
        }

        using Process fetch = Process.Start(Repository.PathOf("Rave.Tests/Etcd/fetch-etcd.sh"), [fetched]);
        await fetch.WaitForExitAsync();
        return File.Exists(own) ? own : null;
    }
}
