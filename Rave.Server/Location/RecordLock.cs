using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// A lock on the first byte of a file, as an "open file description lock" of Linux (fcntl_locking(2)). It belongs to one open file.
// It conflicts with the older kind, which belongs to a process, and one byte is enough to conflict with locks on the whole file.
internal static partial class RecordLock
{
    private const int OfProcess = 6;
    private const int OfOpenFile = 37;
    private const short Write = 1;
    private const short None = 2;
    private const int Denied = 13;
    private const int Invalid = 22;

    // False if there is another lock on this byte, in this process or another one.
    internal static bool TryTake(SafeFileHandle file, string path)
    {
        int error = Set(file, OfOpenFile, Write);
        if (error == Invalid)
        {
            // Some sandboxes have only the older kind.
            error = Set(file, OfProcess, Write);
        }

        return error == 0 || (error == Posix.WouldBlock || error == Denied ? false : throw Posix.Failure($"lock {path}", error));
    }

    // Releases the byte from this process's older lock on the whole file and takes it. The rest of that lock keeps others out meanwhile.
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

    // Returns the error, or 0.
    private static int Set(SafeFileHandle file, int command, short type)
    {
        FileLock first = new() { Type = type, Length = 1 };
        return fcntl(file, command, ref first) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, ref FileLock range);

    // struct flock of 64-bit Linux (bits/fcntl.h). Whence 0 is the start of the file. Process must be 0 for the newer kind.
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
