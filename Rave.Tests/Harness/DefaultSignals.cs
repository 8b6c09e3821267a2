using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rave.Tests.Harness;

// A shell without job control starts what it puts in the background with SIGINT ignored, and that passes from process to process.
// The servers that these tests start would then ignore it too, as they should: so it is put right before the first of them.
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
