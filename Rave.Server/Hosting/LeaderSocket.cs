using System.Net.Sockets;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Server.Hosting;

// The socket that a leader listens on. It is bound to a temporary name, gets its mode, and is then linked to its public name.
// Socket.Dispose deletes the path that was bound. With the public name, a late Dispose would delete the next leader's rave.sock.
internal sealed class LeaderSocket(DatabaseLocation location, GroupAccess? group = null) : IDisposable
{
    // Unique, even if containers share the directory and each of them has a process 1.
    private readonly string _name =
        $"{Path.GetFileName(location.SocketPath)}.{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}.tmp";
    private FileIdentity? _identity;

    private string TemporaryPath => Path.Combine(location.SocketDirectory, _name);

    private string PublicPath => location.BoundPath;

    // A bound socket for Kestrel. Nobody can connect before it listens. After that, only its owner and the served group can.
    internal Socket Bind()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(TemporaryPath));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(TemporaryPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                group?.GrantSocket(TemporaryPath);
            }

            _identity = FileIdentity.Of(TemporaryPath);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Throws if the public name belongs to another kind of file, which stays untouched. A stale socket is the normal case.
    internal static void ThrowIfOtherFile(DatabaseLocation location)
    {
        if (FileIdentity.Of(location.BoundPath) is { IsSocket: false })
        {
            throw new RaveException(ErrorCodes.IoError, $"'{location.SocketPath}' exists and is not a socket. Move it away.");
        }
    }

    // Throws if another process listens there. A gateway has no lock that would prevent this.
    internal static void ThrowIfInUse(DatabaseLocation location)
    {
        ThrowIfOtherFile(location);
        if (FileIdentity.Of(location.BoundPath) is { } named
            && (named.Owner != Posix.EffectiveUser || !RefusesConnections(location.BoundPath)))
        {
            throw new RaveException(ErrorCodes.IoError, $"'{location.SocketPath}' is the socket of another process. Choose another path.");
        }
    }

    // Gives this socket the public name, and replaces a previous one. Only under the lock, or after ThrowIfInUse.
    internal void Publish()
    {
        // rename() replaces atomically, but would remove the temporary name. So a second link is renamed.
        string link = TemporaryPath + "2";
        File.Delete(link);
        Posix.Link(TemporaryPath, link);
        Posix.Rename(link, PublicPath);
    }

    internal bool IsPublished => Is(PublicPath);

    // If somebody has deleted the temporary name, the socket cannot be published again.
    internal bool HasTemporaryName => Is(TemporaryPath);

    // Deletes the public name if it still belongs to this socket, and the temporary one. Only under the lock.
    public void Dispose()
    {
        if (IsPublished)
        {
            File.Delete(PublicPath);
        }

        File.Delete(TemporaryPath);
    }

    // Temporary sockets without a listener: of leaders that were killed, and of standbys that are about to listen. Only under the
    // lock, so none of them belongs to a leader.
    internal string[] FindNotListening()
    {
        try
        {
            return [.. Directory.EnumerateFiles(location.SocketDirectory, Path.GetFileName(location.SocketPath) + ".*.tmp*")
                .Where(path => Path.GetFileName(path) != _name && FileIdentity.Of(path) is { IsSocket: true } && RefusesConnections(path))];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // Each costs only a directory entry. The next leader tries again.
            return [];
        }
    }

    // Called some time later: deletes those that still have no listener. Their processes have ended.
    internal static void RemoveAbandoned(string[] notListening)
    {
        try
        {
            Array.ForEach(Array.FindAll(notListening, RefusesConnections), File.Delete);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The next leader tries again.
        }
    }

    private bool Is(string path) => _identity is { } own && FileIdentity.Of(path) is { } named && own.IsSameFile(named);

    // A standby of another process also listens on its temporary name. It must stay.
    private static bool RefusesConnections(string path)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException refusal)
        {
            return refusal.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (ArgumentOutOfRangeException)
        {
            // Longer than a socket address can be, so this file is not ours.
            return false;
        }
    }
}
