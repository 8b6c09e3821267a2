using System.Net;
using System.Net.Sockets;

namespace Rave.Tests.Harness;

// The parts of this machine that some tests need.
internal static class Machine
{
    // Debian's, or the one that the environment names.
    internal static string Chromium { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    internal static string Nginx => "/usr/sbin/nginx";

    // The directory of the sources in Debian's package golang-github-syndtr-goleveldb-dev.
    internal static string GoSources => "/usr/share/gocode";

    // The folder of published programs that all tests use instead of those that were built. Null if there is none.
    internal static string? PublishedPrograms { get; } =
        Environment.GetEnvironmentVariable("RAVE_PROGRAMS") is { Length: > 0 } folder ? folder : null;

    // RAVE_CHAOS=1: runs of minutes.
    internal static bool RunsLong { get; } = Environment.GetEnvironmentVariable("RAVE_CHAOS") == "1";

    internal static bool Has(Need need) => need switch
    {
        Need.Linux => OperatingSystem.IsLinux(),
        Need.Glibc => OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains("libc.so.6", StringComparison.Ordinal),
        Need.FullDevice => File.Exists("/dev/full"),
        Need.FileModes => !OperatingSystem.IsWindows(),
        Need.IPv6 => HasIPv6Loopback(),
        Need.Root => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
        Need.Gcc => IsOnPath("gcc"),
        // Users other than root do not need it.
        Need.Setpriv => !Environment.IsPrivilegedProcess || IsOnPath("setpriv"),
        Need.Curl => IsOnPath("curl"),
        Need.Script => IsOnPath("script"),
        Need.Node => IsOnPath("node") && IsOnPath("npm") && IsOnPath("npx"),
        Need.Go => IsOnPath("go") && Directory.Exists(Path.Combine(GoSources, "src/github.com/syndtr/goleveldb")),
        Need.Nginx => File.Exists(Nginx),
        Need.Chromium => File.Exists(Chromium),
        _ => RunsLong,
    };

    // As printed after "tests that need".
    internal static string NameOf(Need need) => need switch
    {
        Need.Glibc => "Linux with glibc",
        Need.FullDevice => "/dev/full",
        Need.FileModes => "file modes",
        Need.IPv6 => "the address ::1",
        Need.Root => "root on Linux",
        Need.Node => "node and npm",
        Need.Go => "Go and goleveldb",
        Need.LongRun => NotRun.LongRun,
        Need.Linux or Need.Chromium => $"{need}",
        _ => $"{need}".ToLowerInvariant(),
    };

    private static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static bool HasIPv6Loopback()
    {
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
