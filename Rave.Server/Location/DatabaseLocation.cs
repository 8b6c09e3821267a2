using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rave.Server.Files;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// The directory of a database under its real name, and the addresses in it.
internal sealed class DatabaseLocation : IDisposable
{
    internal const string SocketName = "rave.sock";

    // The size of sun_path without the final zero. macOS has four bytes less (sys/un.h).
    private static readonly int SocketPathBytes = OperatingSystem.IsLinux() ? 107 : 103;

    // What is added to the name of the socket for the temporary names that a leader binds: .<pid>-<eight digits>.tmp2
    private const int LongestSuffix = 31;

    // Such a name must still fit after a path by the descriptor of the directory.
    private const int LongestSocketName = 40;

    private readonly SafeFileHandle? _directory;
    private readonly string _socketName;

    private DatabaseLocation(string directory, string socketName = SocketName)
    {
        Directory = Name = directory;
        _socketName = socketName;
        int longestName = Encoding.UTF8.GetByteCount(socketName) + LongestSuffix;
        if (Encoding.UTF8.GetByteCount(directory) + 1 + longestName <= SocketPathBytes || OperatingSystem.IsWindows())
        {
            SocketDirectory = directory;
        }
        else if (OperatingSystem.IsLinux())
        {
            // A long path becomes short if it starts at an open descriptor.
            _directory = Posix.OpenDirectoryPath(directory);
            SocketDirectory = $"/proc/self/fd/{_directory.DangerousGetHandle()}";
        }
        else
        {
            throw new RaveException(
                ErrorCodes.IoError,
                $"The path '{directory}' is too long for a socket. Use a path of at most {SocketPathBytes - longestName - 1} bytes.");
        }
    }

    // Absolute and without symbolic links.
    internal string Directory { get; }

    // The database's directory, or the location that a gateway serves.
    internal string Name { get; private init; }

    internal string SocketPath => Path.Combine(Directory, _socketName);

    // The same, for this process.
    internal string BoundPath => Path.Combine(SocketDirectory, _socketName);

    // The same directory under a name that is short enough for a socket address. Valid only in this process.
    internal string SocketDirectory { get; }

    internal string LeaderRecordPath => Path.Combine(Directory, "rave.leader");

    internal string LockPath => Path.Combine(Directory, "rave.lock");

    internal string TokenPath => Path.Combine(Directory, "rave.token");

    // On Windows, a named pipe replaces the socket. Names of pipes are short and ignore case, so this is a hash of the path.
    internal string PipeName =>
        "rave-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Directory.ToUpperInvariant())).AsSpan(0, 16));

    internal EndPoint SocketEndPoint => new UnixDomainSocketEndPoint(BoundPath);

    internal bool HasDatabase => File.Exists(Path.Combine(Directory, FileNames.Current));

    internal static DatabaseLocation Resolve(string path, bool create)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        DescriptorLimit.ThrowIfTooLow();
        try
        {
            if (!System.IO.Directory.Exists(path))
            {
                Create(path, create);
            }

            return new(OperatingSystem.IsWindows() ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) : Posix.RealPath(path));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of($"'{path}' cannot be used as the directory of a database", cause);
        }
    }

    // Of a gateway, which only has a socket here: its database is elsewhere.
    internal static DatabaseLocation OfGateway(string socketPath, string database)
    {
        DescriptorLimit.ThrowIfTooLow();
        string name = Path.GetFileName(socketPath);
        if (Encoding.UTF8.GetByteCount(name) is 0 or > LongestSocketName)
        {
            throw new RaveException(
                ErrorCodes.InvalidRequest,
                $"'{socketPath}' cannot be a socket: the name of the file must be 1 to {LongestSocketName} bytes.");
        }

        try
        {
            return new(Posix.RealPath(Path.GetDirectoryName(Path.GetFullPath(socketPath))!), name) { Name = database };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of($"'{socketPath}' cannot be a socket", cause);
        }
    }

    public void Dispose() => _directory?.Dispose();

    private static void Create(string path, bool create)
    {
        if (File.Exists(path))
        {
            throw new RaveException(ErrorCodes.IoError, $"'{path}' is a file, but a database is a directory. Use another path.");
        }

        if (!create)
        {
            throw new RaveException(ErrorCodes.DatabaseNotOpen, OpenMode.NoDatabase(path));
        }

        // LevelDB makes its files readable to all. The directory keeps them private.
        NewDirectory.Make(path);
    }
}
