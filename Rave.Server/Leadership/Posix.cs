using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Leadership;

// The system calls that .NET does not offer, or offers with a meaning of its own: its file locks are switched off by a setting,
// take "no locks available" for success, and meet those of every .NET reader of the file.
internal static partial class Posix
{
    internal const int NoEntry = 2;
    internal static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;

    private const int ReadWrite = 2;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int LockRelease = 8;
    private static readonly int Create = OperatingSystem.IsLinux() ? 0x40 : 0x200;
    private static readonly int CloseOnExec = OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;
    private const int LinuxDirectoryPath = 0x200000 | 0x10000;
    private const int OwnerReadWrite = 0x180;

    // Whose rights this process has.
    internal static uint EffectiveUser => geteuid();

    // Opens or creates a file that the owner alone may read and write.
    internal static SafeFileHandle OpenOrCreate(string path) => Owned(open(path, ReadWrite | Create | CloseOnExec, OwnerReadWrite), path);

    // A descriptor that stands for a directory and allows no more than naming what is in it (O_PATH).
    internal static SafeFileHandle OpenDirectoryPath(string path) => Owned(open(path, LinuxDirectoryPath | CloseOnExec, 0), path);

    // False when another open file holds the lock; any other failure is thrown, so that it is never taken for a leader.
    internal static bool TryLock(SafeFileHandle file, string path)
    {
        if (flock(file, LockExclusive | LockNonBlocking) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == WouldBlock ? false : throw Failure($"lock {path}", error);
    }

    // Closing would do, but for a child that another thread forks at this moment: until it calls exec it has the file open too.
    internal static void Unlock(SafeFileHandle file) => _ = flock(file, LockRelease);

    internal static string RealPath(string path)
    {
        nint resolved = realpath(path, 0);
        if (resolved == 0)
        {
            throw Failure(path, Marshal.GetLastPInvokeError());
        }

        string text = Marshal.PtrToStringUTF8(resolved)!;
        free(resolved);
        return text;
    }

    internal static void Link(string existing, string path) => Check(link(existing, path), path);

    // Replaces what stands at the new name, in one step.
    internal static void Rename(string from, string to) => Check(rename(from, to), to);

    internal static IOException Failure(string what, int error) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(error)}", error);

    private static SafeFileHandle Owned(int descriptor, string path) =>
        descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Failure(path, Marshal.GetLastPInvokeError());

    private static void Check(int result, string path)
    {
        if (result != 0)
        {
            throw Failure(path, Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint realpath(string path, nint resolved);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial void free(nint pointer);
}
