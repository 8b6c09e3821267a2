using Rave.Server.Engine;
using Rave.Server.LevelDb;

namespace Rave.Server.Location;

// Deletes and repairs a database that no process has open. Holds the lock of leaders meanwhile, and creates no directory.
internal static class ClosedDatabase
{
    internal static void Destroy(string path)
    {
        if (!Directory.Exists(path) && !File.Exists(path))
        {
            return;
        }

        using DatabaseLocation location = DatabaseLocation.Resolve(path, create: false);
        if (!DirectoryCheck.HasFiles(location))
        {
            return;
        }

        using DatabaseLock held = Take(location);
        using LevelDbLock levelDb = TakeLevelDb(location);
        // Unlike a repair, LevelDB's Destroy takes its own lock.
        levelDb.Suspend();
        Run(location, () => LevelDatabase.Destroy(location.Directory), "could not be deleted completely. Solve the cause and delete again");
        // The seal must not refuse a later database whose MANIFEST has the same name.
        LeaderRecord.End(location);
    }

    internal static RepairReport Repair(string path, LevelDbOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using DatabaseLocation location = DatabaseLocation.Resolve(path, create: false);
        if (!DirectoryCheck.HasRemains(location))
        {
            throw new RaveException(ErrorCodes.DatabaseNotOpen, $"There is no database at '{location.Directory}'. Check the path.");
        }

        using DatabaseLock held = Take(location);
        using LevelDbLock levelDb = TakeLevelDb(location);
        return new Rescue(location, options, levelDb).Run(now, cancellationToken);
    }

    // If the work fails, the message begins with the consequence for the database.
    internal static T Run<T>(DatabaseLocation location, Func<T> work, string consequence)
    {
        try
        {
            return work();
        }
        catch (Exception cause) when (LevelDbFailures.From(cause) is { } failure)
        {
            string message = $"'{location.Directory}' {consequence}: {failure.Message}";
            throw new RaveException(failure.Code, message, cause) { DiskFull = failure.DiskFull };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of($"'{location.Directory}' {consequence}", cause);
        }
    }

    internal static void Run(DatabaseLocation location, Action work, string consequence) => Run(
        location,
        () =>
        {
            work();
            return true;
        },
        consequence);

    private static DatabaseLock Take(DatabaseLocation location)
    {
        if (DirectoryCheck.WhyNotLead(location) is { } refusal)
        {
            throw refusal;
        }

        return DatabaseLock.TryAcquire(location) ?? throw Open(location, LockHolder.Find(location.LockPath, LockHolder.Flock));
    }

    private static LevelDbLock TakeLevelDb(DatabaseLocation location)
    {
        try
        {
            return LevelDbLock.Take(location);
        }
        catch (RaveException failure) when (failure.Code == ErrorCodes.Locked)
        {
            throw new RaveException(failure.Code, $"{failure.Message} Close the database there first.", failure);
        }
        catch (IOException cause)
        {
            throw FileFailure.Of($"'{location.Directory}' could not be locked, and was not changed", cause);
        }
    }

    private static RaveException Open(DatabaseLocation location, string? holder) =>
        new(
            ErrorCodes.Locked,
            $"'{location.Directory}' is open{(holder is null ? "" : $" in {holder}")}. Close it in all processes first.");
}
