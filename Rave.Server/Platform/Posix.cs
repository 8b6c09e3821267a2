using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Platform;

// System calls that .NET does not offer, or that it changes. The file locks of .NET can be switched off by a setting, treat
// "no locks available" as success, and conflict with every .NET program that reads the file.
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

    private const int WriteAccess = 2;
    private static readonly int CurrentDirectory = OperatingSystem.IsLinux() ? -100 : -2;
    private static readonly int ByEffectiveUser = OperatingSystem.IsLinux() ? 0x200 : 0x10;
    private const int NoAccess = 13;
    private const int Exists = 17;
    private const int ReadOnlyFileSystem = 30;
    private const uint SameUser = uint.MaxValue;

    internal static uint EffectiveUser => geteuid();

    // Opens or creates a file that only the owner may read and write, with every umask.
    internal static SafeFileHandle OpenOrCreate(string path)
    {
        SafeFileHandle file = Owned(open(path, ReadWrite | Create | CloseOnExec, OwnerReadWrite), path);
        if (FileIdentity.Of(file) is var made && made.Owner == EffectiveUser && (made.Mode & OwnerReadWrite) != OwnerReadWrite)
        {
            Check(fchmod(file, OwnerReadWrite), path);
        }

        return file;
    }

    // False if something with that name exists already.
    internal static bool TryMakeDirectory(string path, uint mode)
    {
        if (mkdir(path, mode) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == Exists ? false : throw Failure(path, error);
    }

    // A descriptor that can only be used to name files in the directory (O_PATH).
    internal static SafeFileHandle OpenDirectoryPath(string path) => Owned(open(path, LinuxDirectoryPath | CloseOnExec, 0), path);

    // False if another open file holds the lock. Any other failure is thrown, so that it is never mistaken for a leader.
    internal static bool TryLock(SafeFileHandle file, string path)
    {
        if (flock(file, LockExclusive | LockNonBlocking) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == WouldBlock ? false : throw Failure($"lock {path}", error);
    }

    // Closing the file is not enough: if another thread forks at this moment, the child has the file open until it calls exec.
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

    // The reason why this process may not write to the path; null if it may, or if the path does not exist.
    internal static string? WhyNotWritable(string path)
    {
        if (faccessat(CurrentDirectory, path, WriteAccess, ByEffectiveUser) == 0)
        {
            return null;
        }

        int error = Marshal.GetLastPInvokeError();
        return error is NoAccess or ReadOnlyFileSystem ? $"{path}: {Marshal.GetPInvokeErrorMessage(error)}" : null;
    }

    // The soft limit of open files.
    internal static ulong FileLimit
    {
        get
        {
            Limit limit = default;
            Check(getrlimit(OperatingSystem.IsLinux() ? 7 : 8, ref limit), "getrlimit");
            return limit.Soft;
        }
    }

    // True if the process was started with this descriptor. A file that was opened later and got the same free number has
    // the close-on-exec flag.
    internal static bool IsInherited(int descriptor)
    {
        const int getFlags = 1;
        const int closeOnExec = 1;
        int flags = fcntl(descriptor, getFlags);
        return flags >= 0 && (flags & closeOnExec) == 0;
    }

    // Writes all bytes at the position of the descriptor, which other programs may share. Throws IOException, also for EPIPE.
    internal static unsafe void Write(int descriptor, ReadOnlySpan<byte> bytes, string name)
    {
        const int interrupted = 4;
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes)
            {
                written = write(descriptor, start, (nuint)bytes.Length);
            }

            int error = written < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error == WouldBlock)
            {
                // Another program has made the descriptor non-blocking. Wait until it can be written.
                PollEntry room = new() { Descriptor = descriptor, Events = 4 };
                _ = poll(ref room, 1, -1);
            }
            else if (error is not (0 or interrupted))
            {
                throw Failure(name, error);
            }

            bytes = bytes[(int)Math.Max(written, 0)..];
        }
    }

    internal static void SetGroup(string path, uint group) => Check(chown(path, SameUser, group), path);

    // Null if there is no group with that name.
    internal static unsafe uint? GroupId(string name)
    {
        // Large enough for the members of a large group.
        byte[] strings = new byte[1 << 20];
        Group found = default;
        fixed (byte* buffer = strings)
        {
            return getgrnam_r(name, ref found, buffer, (nuint)strings.Length, out nint entry) == 0 && entry != 0 ? found.Id : null;
        }
    }

    internal static void Link(string existing, string path) => Check(link(existing, path), path);

    // Replaces an existing file atomically.
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

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(SafeFileHandle file, int mode);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollEntry entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint realpath(string path, nint resolved);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int faccessat(int directory, string path, int mode, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint owner, uint group);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int getgrnam_r(string name, ref Group group, byte* strings, nuint length, out nint result);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial void free(nint pointer);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, ref Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        internal ulong Soft;
        internal ulong Hard;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Found;
    }

    // grp.h, struct group: the same on Linux and macOS.
    [StructLayout(LayoutKind.Sequential)]
    private struct Group
    {
        internal nint Name;
        internal nint Password;
        internal uint Id;
        internal nint Members;
    }
}
