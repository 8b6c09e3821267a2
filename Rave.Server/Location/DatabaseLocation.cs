using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rave.Server.Files;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// A database's directory under its one real name, and where its leader is reached.
internal sealed class DatabaseLocation : IDisposable
{
    internal const string SocketName = "rave.sock";

    // sun_path without its closing zero; macOS has four bytes less (sys/un.h).
    private static readonly int SocketPathBytes = OperatingSystem.IsLinux() ? 107 : 103;

    // Room for the temporary names that a leader binds: rave.sock.<pid>-<eight digits>.tmp2
    private const int LongestName = 40;

    private readonly SafeFileHandle? _directory;

    private DatabaseLocation(string directory)
    {
        Directory = directory;
        if (Encoding.UTF8.GetByteCount(directory) + 1 + LongestName <= SocketPathBytes || OperatingSystem.IsWindows())
        {
            SocketDirectory = directory;
        }
        else if (OperatingSystem.IsLinux())
        {
            // A path too long for a socket address is short when it starts at an open descriptor.
            _directory = Posix.OpenDirectoryPath(directory);
            SocketDirectory = $"/proc/self/fd/{_directory.DangerousGetHandle()}";
        }
        else
        {
            throw new RaveException(ErrorCodes.IoError, $"'{directory}' is too long for a socket in it; this system allows {SocketPathBytes - LongestName} bytes. Use a shorter path.");
        }
    }

    // Canonical: absolute, and free of symbolic links.
    internal string Directory { get; }

    // Where people and their tools reach the leader.
    internal string SocketPath => Path.Combine(Directory, SocketName);

    // The same directory under a name short enough for a socket address, good inside this process only.
    internal string SocketDirectory { get; }

    internal string LeaderRecordPath => Path.Combine(Directory, "rave.leader");

    internal string LockPath => Path.Combine(Directory, "rave.lock");

    internal string TokenPath => Path.Combine(Directory, "rave.token");

    // Windows has no sockets that Kestrel serves; names of pipes are short and forgive case, so it is a hash of the path.
    internal string PipeName =>
        "rave-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Directory.ToUpperInvariant())).AsSpan(0, 16));

    internal EndPoint SocketEndPoint => new UnixDomainSocketEndPoint(Path.Combine(SocketDirectory, SocketName));

    // Whether LevelDB has made a database here.
    internal bool HasDatabase => File.Exists(Path.Combine(Directory, FileNames.Current));

    internal static DatabaseLocation Resolve(string path, bool create)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        DescriptorLimit.RefuseTooLow();
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
            throw FileFailure.Of($"'{path}' cannot be used as a database's directory", cause);
        }
    }

    public void Dispose() => _directory?.Dispose();

    private static void Create(string path, bool create)
    {
        if (File.Exists(path))
        {
            throw new RaveException(ErrorCodes.IoError, $"'{path}' is a file; a database is a directory.");
        }

        if (!create)
        {
            throw new RaveException(ErrorCodes.DatabaseNotOpen, $"There is no database at '{path}', and this call does not create one.");
        }

        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(path);
        }
        else
        {
            // LevelDB makes its files readable to all: the directory keeps them private.
            NewDirectory.Make(path);
        }
    }
}
