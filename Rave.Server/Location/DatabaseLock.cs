using Microsoft.Win32.SafeHandles;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// The right to lead a location: an exclusive lock on rave.lock, taken before LevelDB is touched and held until it is closed.
// LevelDB's own lock is not enough: a failed second open in the same process silently drops it (util/env_posix.cc, LockFile).
internal sealed class DatabaseLock : IDisposable
{
    // A file that is deleted and made anew while we lock it gives two holders; so often in a row is no accident.
    private const int Attempts = 10;

    // Directories that this process leads. It only refuses: the lock itself belongs to one open file.
    private static readonly HashSet<string> Held = [];

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly string _directory;
    private bool _disposed;

    private DatabaseLock(SafeFileHandle file, string path, string directory)
    {
        _file = file;
        _path = path;
        _directory = directory;
    }

    // Null when someone else leads. Never blocks. The file is never deleted and never written to.
    internal static DatabaseLock? TryAcquire(DatabaseLocation location)
    {
        try
        {
            return OperatingSystem.IsWindows() ? TryAcquireWindows(location) : TryAcquireUnix(location);
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or (IOException and not FileNotFoundException))
        {
            throw FileFailure.Of($"The lock of '{location.Directory}' cannot be taken", cause);
        }
    }

    // Whether rave.lock still is the file that we locked. Once it was deleted or replaced, others can lock the new one.
    internal bool IsNamed => FileIdentity.Of(_path) is { } named && named.IsSameFile(FileIdentity.Of(_file));

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            if (!OperatingSystem.IsWindows())
            {
                Posix.Unlock(_file);
            }

            _file.Dispose();
            Forget(_directory);
        }
    }

    private static DatabaseLock? TryAcquireUnix(DatabaseLocation location)
    {
        if (FileIdentity.Of(location.Directory) is not { } directory)
        {
            throw new RaveException(ErrorCodes.Corruption, $"'{location.Directory}' has vanished.");
        }

        string identity = directory.Id;
        if (!TryRemember(identity))
        {
            return null;
        }

        DatabaseLock? taken = null;
        try
        {
            for (int attempt = 0; attempt < Attempts && taken is null; attempt++)
            {
                SafeFileHandle file = Posix.OpenOrCreate(location.LockPath);
                if (!Posix.TryLock(file, location.LockPath))
                {
                    file.Dispose();
                    return null;
                }

                DatabaseLock locked = new(file, location.LockPath, identity);
                if (locked.IsNamed)
                {
                    return taken = locked;
                }

                file.Dispose();
            }

            throw new IOException("rave.lock is being replaced again and again; leave it alone.");
        }
        finally
        {
            if (taken is null)
            {
                Forget(identity);
            }
        }
    }

    private static bool TryRemember(string directory)
    {
        lock (Held)
        {
            return Held.Add(directory);
        }
    }

    private static void Forget(string directory)
    {
        lock (Held)
        {
            Held.Remove(directory);
        }
    }

    private static DatabaseLock? TryAcquireWindows(DatabaseLocation location)
    {
        const int sharingViolation = unchecked((int)0x80070020);
        try
        {
            return new(File.OpenHandle(location.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), location.LockPath, directory: "");
        }
        catch (IOException cause) when (cause.HResult == sharingViolation)
        {
            return null;
        }
    }
}
