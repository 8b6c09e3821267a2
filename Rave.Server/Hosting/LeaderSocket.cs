using System.Net.Sockets;
using Rave.Server.Location;
using Rave.Server.Platform;

namespace Rave.Server.Hosting;

// The socket that a leader listens on. It is bound under a temporary name, made ours alone, and then given its public name:
// Socket.Dispose unlinks the path that was bound, and a late one would otherwise delete a successor's rave.sock.
internal sealed class LeaderSocket(DatabaseLocation location, GroupAccess? group = null) : IDisposable
{
    // Nobody else's, even where the directory is shared by containers that each have a process 1.
    private readonly string _name = $"{Path.GetFileName(location.SocketPath)}.{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}.tmp";
    private FileIdentity? _identity;

    private string TemporaryPath => Path.Combine(location.SocketDirectory, _name);

    private string PublicPath => location.BoundPath;

    // A bound socket for Kestrel to listen on. Nobody can connect before it listens, and then only its owner, and the group that is served.
    internal Socket Bind()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(TemporaryPath));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(TemporaryPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                group?.AdmitTo(TemporaryPath);
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

    // Refuses where the public name is taken by something that is no socket, and leaves it untouched. A stale socket is the normal case.
    internal static void RefuseForeignFile(DatabaseLocation location)
    {
        if (FileIdentity.Of(location.BoundPath) is { IsSocket: false })
        {
            throw new RaveException(ErrorCodes.IoError, $"'{location.SocketPath}' exists and is no socket; move it away.");
        }
    }

    // Refuses if another process listens there. A gateway has no lock that would say so.
    internal static void RefuseTaken(DatabaseLocation location)
    {
        RefuseForeignFile(location);
        if (FileIdentity.Of(location.BoundPath) is { } named && (named.Owner != Posix.EffectiveUser || !RefusesConnections(location.BoundPath)))
        {
            throw new RaveException(ErrorCodes.IoError, $"'{location.SocketPath}' is the socket of another process. Choose another path.");
        }
    }

    // Puts the public name on this socket, whatever stood there. Only under the lock, or after RefuseTaken.
    internal void Publish()
    {
        // rename() replaces in one step but would take the temporary name away, so it moves a second link.
        string link = TemporaryPath + "2";
        File.Delete(link);
        Posix.Link(TemporaryPath, link);
        Posix.Rename(link, PublicPath);
    }

    internal bool IsPublished => Is(PublicPath);

    // Otherwise it cannot be published: somebody has tidied up.
    internal bool HasTemporaryName => Is(TemporaryPath);

    // Takes the public name away if it is still ours, and the temporary one. Only under the lock.
    public void Dispose()
    {
        if (IsPublished)
        {
            File.Delete(PublicPath);
        }

        File.Delete(TemporaryPath);
    }

    // Temporary sockets that refuse a connection: of leaders that were killed, and of standbys that are just about to listen. Only under the lock,
    // which says that none of them leads.
    internal string[] FindRefusing()
    {
        try
        {
            return [.. Directory.EnumerateFiles(location.SocketDirectory, Path.GetFileName(location.SocketPath) + ".*.tmp*")
                .Where(path => Path.GetFileName(path) != _name && FileIdentity.Of(path) is { IsSocket: true } && RefusesConnections(path))];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // They cost a directory entry each; the next leader tries again.
            return [];
        }
    }

    // Those that still refuse, some time later: nobody is about to listen there.
    internal static void RemoveAbandoned(string[] refused)
    {
        try
        {
            Array.ForEach(Array.FindAll(refused, RefusesConnections), File.Delete);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    private bool Is(string path) => _identity is { } own && FileIdentity.Of(path) is { } named && own.IsSameFile(named);

    // A standby of another process listens on its temporary name too, and is left alone.
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
            // Longer than an address can be: none of ours.
            return false;
        }
    }
}
