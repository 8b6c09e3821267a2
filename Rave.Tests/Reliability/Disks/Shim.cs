using System.Diagnostics;
using Rave.Tests.Harness;

namespace Rave.Tests.Reliability;

// A library that is loaded before libc and replaces some of its calls. Its tests need Linux and gcc.
internal sealed class Shim : IDisposable
{
    private readonly TempDirectory _directory = new();

    private Shim()
    {
    }

    // A file beside it, for its commands and reports.
    internal string this[string name] => _directory[name];

    internal static async Task<Shim> CompileAsync(string source)
    {
        Shim shim = new();
        try
        {
            await File.WriteAllTextAsync(shim["shim.c"], source);
            await using ChildProcess gcc =
                ChildProcess.Start("gcc", "-O2", "-U_FORTIFY_SOURCE", "-shared", "-fPIC", "-o", shim["shim.so"], shim["shim.c"], "-ldl");
            (await gcc.WaitForExitAsync()).ShouldBe(0, await gcc.Errors);
            return shim;
        }
        catch
        {
            shim.Dispose();
            throw;
        }
    }

    internal ChildProcess StartServer(string location, Action<ProcessStartInfo> configure) =>
        ChildProcess.Start(ChildProcess.ServerPath, [location], start =>
    {
        start.Environment["LD_PRELOAD"] = this["shim.so"];
        configure(start);
    });

    public void Dispose() => _directory.Dispose();
}
