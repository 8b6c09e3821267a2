using Microsoft.Win32.SafeHandles;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// An exclusive lock on rave.lock. Only its holder may lead. It is taken before LevelDB is opened and held until LevelDB is closed.
// LevelDB's own lock is not enough: a failed second open in the same process silently releases it (LockFile in util/env_posix.cc).
internal sealed class DatabaseLock : IDisposable
{
    // If another process replaces the file while we lock it, there could be two holders. So often in a row is no accident.
    private const int Attempts = 10;

    // The directories that this process has locked, or is about to lock.
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

    // Null if another process leads. Never blocks. The file is never deleted and never written.
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

    // Whether rave.lock still is the file that we locked. If it was deleted or replaced, other processes can lock the new file.
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
            throw new RaveException(ErrorCodes.Corruption, $"The directory '{location.Directory}' has vanished. Restore it from a backup.");
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

            throw new IOException("Another process keeps replacing rave.lock. Stop that process.");
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
            SafeFileHandle file = File.OpenHandle(location.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new(file, location.LockPath, directory: "");
        }
        catch (IOException cause) when (cause.HResult == sharingViolation)
        {
            return null;
        }
    }
}
