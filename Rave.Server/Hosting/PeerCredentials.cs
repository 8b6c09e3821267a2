using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Server.Hosting;

// The user of the process at the other end of a unix socket, as the kernel reports it. File modes are not enough: every user who can
// write to the directory could listen there in place of the leader.
internal static partial class PeerCredentials
{
    private const uint Root = 0;

    private const int SocketLevel = 1;

    // The kernel's limit for one process (NGROUPS_MAX).
    private const int MaxGroups = 65_536;

    // The peer's user id, or null if the peer is trusted. Trusted are our own user, root, the owner of the directory, and the members
    // of the served group.
    internal static uint? FindUntrustedUser(Socket socket, DatabaseLocation location, GroupAccess? served = null)
    {
        (uint user, uint group) = OperatingSystem.IsLinux() ? OfLinux(socket) : OfMac(socket);
        bool trusted = user == Posix.EffectiveUser || user == Root || user == FileIdentity.Of(location.Directory)?.Owner
            || (served is not null && (group == served.Id || (OperatingSystem.IsLinux() && HasGroup(socket, served.Id))));
        return trusted ? null : user;
    }

    private static (uint User, uint Group) OfLinux(Socket socket)
    {
        const int peerCredentials = 17;
        // struct ucred: pid, uid, gid
        Span<uint> credentials = stackalloc uint[3];
        socket.GetRawSocketOption(SocketLevel, peerCredentials, MemoryMarshal.AsBytes(credentials));
        return (credentials[1], credentials[2]);
    }

    // Whether the peer had this supplementary group when it connected. On macOS, only the mode of the socket checks this.
    private static bool HasGroup(Socket socket, uint group)
    {
        const int peerGroups = 59;
        uint[] groups = ArrayPool<uint>.Shared.Rent(MaxGroups);
        try
        {
            int bytes = socket.GetRawSocketOption(SocketLevel, peerGroups, MemoryMarshal.AsBytes(groups.AsSpan()));
            return groups.AsSpan(0, bytes / sizeof(uint)).Contains(group);
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(groups);
        }
    }

    private static (uint User, uint Group) OfMac(Socket socket) => getpeereid(socket.SafeHandle, out uint user, out uint group) == 0
        ? (user, group)
        : throw Posix.Failure("getpeereid", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getpeereid(SafeHandle socket, out uint user, out uint group);
}
