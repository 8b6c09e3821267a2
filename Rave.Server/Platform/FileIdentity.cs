using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Platform;

// Identifies a file independently of its name: two names with the same identity are one file.
internal readonly partial record struct FileIdentity(ulong Device, ulong Inode, uint Mode, uint Owner, uint Links)
{
    private const uint TypeMask = 0xF000;
    private const uint SocketType = 0xC000;

    internal bool IsSocket => (Mode & TypeMask) == SocketType;

    // Valid until the system restarts, also if the directory is mounted under another path.
    internal string Id => string.Create(CultureInfo.InvariantCulture, $"{Device}:{Inode}");

    internal bool IsSameFile(FileIdentity other) => Device == other.Device && Inode == other.Inode;

    // The identity of the file at the path. Symbolic links are not followed. Null if there is no file.
    internal static FileIdentity? Of(string path)
    {
        if (Query(null, path, out FileIdentity identity) == 0)
        {
            return identity;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == Posix.NoEntry ? null : throw Posix.Failure(path, error);
    }

    internal static FileIdentity Of(SafeFileHandle file) => Query(file, "", out FileIdentity identity) == 0
        ? identity
        : throw Posix.Failure("stat", Marshal.GetLastPInvokeError());

    private static int Query(SafeFileHandle? file, string path, out FileIdentity identity) =>
        OperatingSystem.IsLinux() ? QueryLinux(file, path, out identity) : QueryMac(file, path, out identity);

    // The layout of statx is the same on all architectures. That of stat is not.
    private static int QueryLinux(SafeFileHandle? file, string path, out FileIdentity identity)
    {
        const int currentDirectory = -100;
        const int noFollow = 0x100;
        const int emptyPath = 0x1000;
        const uint basicStats = 0x7ff;
        Statx stat = default;
        int descriptor = file is null ? currentDirectory : (int)file.DangerousGetHandle();
        int result = statx(descriptor, path, file is null ? noFollow : emptyPath, basicStats, ref stat);
        GC.KeepAlive(file);
        identity = new(((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor, stat.Inode, stat.Mode, stat.Uid, stat.Links);
        return result;
    }

    private static int QueryMac(SafeFileHandle? file, string path, out FileIdentity identity)
    {
        MacStat stat = default;
        int result = file is null ? lstat(path, ref stat) : fstat(file, ref stat);
        identity = new((ulong)stat.Device, stat.Inode, stat.Mode, stat.Uid, stat.Links);
        return result;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, ref Statx result);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lstat(string path, ref MacStat result);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstat(SafeFileHandle file, ref MacStat result);

    // linux/stat.h, struct statx
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(16)]
        internal uint Links;

        [FieldOffset(20)]
        internal uint Uid;

        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }

    // sys/stat.h of macOS with 64-bit inodes
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct MacStat
    {
        [FieldOffset(0)]
        internal int Device;

        [FieldOffset(4)]
        internal ushort Mode;

        [FieldOffset(6)]
        internal ushort Links;

        [FieldOffset(8)]
        internal ulong Inode;

        [FieldOffset(16)]
        internal uint Uid;
    }
}
