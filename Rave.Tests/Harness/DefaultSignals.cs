using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rave.Tests.Harness;

// A shell without job control starts background processes with SIGINT ignored, and children inherit this. The servers of the tests would
// ignore SIGINT too. So it is reset before the first of them starts.
internal static partial class DefaultSignals
{
    private const int Interrupt = 2;
    private const nint Default = 0;

    [ModuleInitializer]
    internal static void Restore()
    {
        if (OperatingSystem.IsLinux() && IsIgnored(Interrupt))
        {
            signal(Interrupt, Default);
        }
    }

    private static bool IsIgnored(int number)
    {
        string mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            .Split('\t')[1];
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1ul << (number - 1))) != 0;
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);
}
