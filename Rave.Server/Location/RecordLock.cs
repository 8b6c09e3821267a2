using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// Linux's lock of a range of bytes that belongs to one open file (fcntl_locking(2), "open file description locks"), of the first byte alone: that is enough
// to be refused, and to refuse whoever locks a whole file. It meets the older kind, which belongs to a process, as one meets another.
internal static partial class RecordLock
{
    private const int OfProcess = 6;
    private const int OfOpenFile = 37;
    private const short Write = 1;
    private const short None = 2;
    private const int Denied = 13;
    private const int Invalid = 22;

    // False when somebody else has a lock that includes the byte, in this process or another, in whatever container.
    internal static bool TryTake(SafeFileHandle file, string path)
    {
        int error = Set(file, OfOpenFile, Write);
        if (error == Invalid)
        {
            // A kernel that has only the older kind, as some sandboxes do.
            error = Set(file, OfProcess, Write);
        }

        return error == 0 || (error == Posix.WouldBlock || error == Denied ? false : throw Posix.Failure($"lock {path}", error));
    }

    // Where this process has a lock of the older kind on the whole file, the byte is taken out of that and taken anew: the rest of it keeps others away meanwhile.
    internal static bool TryTakeOver(SafeFileHandle file, string path)
    {
        _ = Set(file, OfProcess, None);
        return TryTake(file, path);
    }

    internal static void Release(SafeFileHandle file)
    {
        _ = Set(file, OfOpenFile, None);
        _ = Set(file, OfProcess, None);
    }

    // The error, or 0.
    private static int Set(SafeFileHandle file, int command, short type)
    {
        FileLock first = new() { Type = type, Length = 1 };
        return fcntl(file, command, ref first) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, ref FileLock range);

    // bits/fcntl.h, struct flock of 64-bit Linux. Whence 0 is the file's beginning; the process is 0 for the newer kind.
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        internal short Type;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int Process;
    }
}
