using Microsoft.Win32.SafeHandles;
using Rave.Server.Platform;

namespace Rave.Server.Location;

// LevelDB's own LOCK, held against programs that are no peers: they open the database directly and know nothing of rave.lock.
// Some lock it with flock (goleveldb), some with fcntl (LevelDB itself and what is built on it), and neither sees the other: this takes both. LevelDB takes
// its own besides, which a process loses as soon as any part of it closes any descriptor of the file (fcntl_locking(2)); ours belong to one open file and are not lost so.
// Only on Linux. Elsewhere the two kinds of lock keep each other out already, LevelDB's own as well.
internal sealed class LevelDbLock : IDisposable
{
    // Those that could not be locked, for the next attempt: closing one would drop the lock of whatever else in this process has the database open.
    private static readonly Dictionary<string, SafeFileHandle> Refused = [];

    private readonly DatabaseLocation _location;
    private readonly SafeFileHandle? _file;

    private LevelDbLock(DatabaseLocation location, SafeFileHandle? file) => (_location, _file) = (location, file);

    // Whether LOCK still is the file that we locked. Once it was deleted or replaced, others can lock the new one.
    internal bool IsNamed => _file is null || (FileIdentity.Of(PathOf(_location)) is { } named && named.IsSameFile(FileIdentity.Of(_file)));

    internal static bool IsThere(DatabaseLocation location) => File.Exists(PathOf(location));

    // Throws LEVEL_LOCKED where somebody else has the database open. Only under rave.lock.
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
                Keep(file);
            }
        }
    }

    // While LevelDB takes its own lock, which ours would refuse.
    internal void Lend()
    {
        if (_file is not null)
        {
            RecordLock.Release(_file);
        }
    }

    // Once LevelDB has its own. The one byte that ours needs changes hands while LevelDB's lock of all the others keeps everybody out.
    internal void TakeBack()
    {
        if (_file is not null && !RecordLock.TryTakeOver(_file, PathOf(_location)))
        {
            // This process has lost LevelDB's lock meanwhile, by closing the file somewhere, and somebody else has it.
            throw Locked(_location, LockHolder.Posix);
        }
    }

    // Only once LevelDB is closed.
    public void Dispose()
    {
        if (_file is { IsClosed: false })
        {
            // Closing would do, but for a child that another thread forks at this moment: until it calls exec it has the file open too.
            RecordLock.Release(_file);
            Posix.Unlock(_file);
            _file.Dispose();
        }
    }

    // The kind is that of the lock which was refused: who holds it is named, where the system tells.
    internal static RaveException Locked(DatabaseLocation location, string kind, Exception? cause = null)
    {
        string holder = LockHolder.Find(PathOf(location), kind) is { } process ? $"{process}, which is no peer" : "a program that is no peer, perhaps in another container";
        return new(ErrorCodes.Locked, $"'{location.Directory}' is held by {holder}.", cause);
    }

    private static string PathOf(DatabaseLocation location) => Path.Combine(location.Directory, "LOCK");

    private static SafeFileHandle Open(string path)
    {
        lock (Refused)
        {
            return FileIdentity.Of(path) is { } file && Refused.Remove(file.Id, out SafeFileHandle? kept) ? kept : Posix.OpenOrCreate(path);
        }
    }

    private static void Keep(SafeFileHandle file)
    {
        lock (Refused)
        {
            Refused.Add(FileIdentity.Of(file).Id, file);
        }
    }
}
