using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Rave.Server.Leadership;

// Whose process is at the other end of a unix socket, as the kernel knows it. File modes alone do not say: whoever may write to the
// directory could listen there in the leader's place.
internal static partial class PeerCredentials
{
    private const uint Root = 0;

    // Null when the peer is to be trusted, else its user id: not our own, not root's, not the directory's owner's.
    internal static uint? Stranger(Socket socket, DatabaseLocation location)
    {
        uint user = UserOf(socket);
        return user == Posix.EffectiveUser || user == Root || user == FileIdentity.Of(location.Directory)?.Owner ? null : user;
    }

    private static uint UserOf(Socket socket) => OperatingSystem.IsLinux() ? UserOnLinux(socket) : UserOnMac(socket);

    private static uint UserOnLinux(Socket socket)
    {
        const int socketLevel = 1;
        const int peerCredentials = 17;
        // struct ucred: pid, uid, gid
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(socketLevel, peerCredentials, MemoryMarshal.AsBytes(credentials));
        return (uint)credentials[1];
    }

    private static uint UserOnMac(Socket socket) => getpeereid(socket.SafeHandle, out uint user, out _) == 0
        ? user
        : throw Posix.Failure("getpeereid", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getpeereid(SafeHandle socket, out uint user, out uint group);
}
