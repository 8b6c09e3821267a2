using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Server.Hosting;

// Whose process is at the other end of a unix socket, as the kernel knows it. File modes alone do not say: whoever may write to the
// directory could listen there in the leader's place.
internal static partial class PeerCredentials
{
    private const uint Root = 0;

    private const int SocketLevel = 1;

    // As many as the kernel allows one process (NGROUPS_MAX).
    private const int MostGroups = 65_536;

    // Null when the peer is to be trusted, else its user id: not our own, not root's, not the directory's owner's, and not of the group that is served, if one is.
    internal static uint? Stranger(Socket socket, DatabaseLocation location, GroupAccess? served = null)
    {
        (uint user, uint group) = OperatingSystem.IsLinux() ? OfLinux(socket) : OfMac(socket);
        bool known = user == Posix.EffectiveUser || user == Root || user == FileIdentity.Of(location.Directory)?.Owner
            || (served is not null && (group == served.Id || (OperatingSystem.IsLinux() && HasGroup(socket, served.Id))));
        return known ? null : user;
    }

    private static (uint User, uint Group) OfLinux(Socket socket)
    {
        const int peerCredentials = 17;
        // struct ucred: pid, uid, gid
        Span<uint> credentials = stackalloc uint[3];
        socket.GetRawSocketOption(SocketLevel, peerCredentials, MemoryMarshal.AsBytes(credentials));
        return (credentials[1], credentials[2]);
    }

    // The groups that the peer had besides when it connected. Of macOS the mode of the socket alone knows them.
    private static bool HasGroup(Socket socket, uint group)
    {
        const int peerGroups = 59;
        uint[] groups = ArrayPool<uint>.Shared.Rent(MostGroups);
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
