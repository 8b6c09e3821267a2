using Microsoft.Win32.SafeHandles;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// A lock on LevelDB's file LOCK, against programs that open the database directly and do not know rave.lock.
// Some of them use flock (goleveldb), others fcntl (LevelDB itself). The two do not see each other, so this takes both.
// LevelDB takes its own lock, too, but a process loses that one as soon as it closes any descriptor of the file (fcntl_locking(2)).
// Ours belong to one open file, and are not lost this way. Only on Linux: elsewhere, flock and fcntl exclude each other.
internal sealed class LevelDbLock : IDisposable
{
    // Files that could not be locked, kept for the next attempt: closing one would release the lock of other code in this process.
    private static readonly Dictionary<string, SafeFileHandle> KeptOpen = [];

    private readonly DatabaseLocation _location;
    private readonly SafeFileHandle? _file;

    private LevelDbLock(DatabaseLocation location, SafeFileHandle? file) => (_location, _file) = (location, file);

    // Whether LOCK still is the file that we locked. If it was deleted or replaced, other processes can lock the new file.
    internal bool IsNamed =>
        _file is null || (FileIdentity.Of(PathOf(_location)) is { } named && named.IsSameFile(FileIdentity.Of(_file)));

    internal static bool IsThere(DatabaseLocation location) => File.Exists(PathOf(location));

    // Throws LEVEL_LOCKED if another program has the database open. Only under rave.lock.
    internal static LevelDbLock Take(DatabaseLocation location)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new(location, null);
        }

        string path = PathOf(location);
        SafeFileHandle file = Open(path);
        bool taken = false;
        try
        {
            if (!Posix.TryLock(file, path))
            {
                throw Locked(location, LockHolder.Flock);
            }

            taken = RecordLock.TryTake(file, path);
            return taken ? new(location, file) : throw Locked(location, LockHolder.Posix);
        }
        finally
        {
            if (!taken)
            {
                Posix.Unlock(file);
                KeepOpen(file);
            }
        }
    }

    // Releases the fcntl lock while LevelDB takes its own.
    internal void Suspend()
    {
        if (_file is not null)
        {
            RecordLock.Release(_file);
        }
    }

    // Called when LevelDB has its lock. We take over one byte of it, while LevelDB's lock on the other bytes keeps all others out.
    internal void Resume()
    {
        if (_file is not null && !RecordLock.TryTakeOver(_file, PathOf(_location)))
        {
            // This process has closed the file elsewhere and so lost LevelDB's lock, and another program has taken it.
            throw Locked(_location, LockHolder.Posix);
        }
    }

    // Only once LevelDB is closed.
    public void Dispose()
    {
        if (_file is { IsClosed: false })
        {
            // Closing is not enough: a child process that another thread is just starting has the file open until it calls exec.
            RecordLock.Release(_file);
            Posix.Unlock(_file);
            _file.Dispose();
        }
    }

    // The kind is that of the refused lock.
    internal static RaveException Locked(DatabaseLocation location, string kind, Exception? cause = null)
    {
        string holder = LockHolder.Find(PathOf(location), kind) ?? "a program, perhaps in another container,";
        return new(ErrorCodes.Locked, $"{holder} has '{location.Directory}' open without RaveLevel.", cause);
    }

    private static string PathOf(DatabaseLocation location) => Path.Combine(location.Directory, "LOCK");

    private static SafeFileHandle Open(string path)
    {
        lock (KeptOpen)
        {
            return FileIdentity.Of(path) is { } file && KeptOpen.Remove(file.Id, out SafeFileHandle? kept)
                ? kept
                : Posix.OpenOrCreate(path);
        }
    }

    private static void KeepOpen(SafeFileHandle file)
    {
        lock (KeptOpen)
        {
            KeptOpen.Add(FileIdentity.Of(file).Id, file);
        }
    }
}
