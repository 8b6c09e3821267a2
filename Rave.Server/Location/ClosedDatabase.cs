using Rave.Server.Engine;
using Rave.Server.LevelDb;

namespace Rave.Server.Location;

// What may be done to a database that nobody has open: under the lock that leaders hold, and never to a directory that was not there.
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
        // It takes its own, unlike a repair.
        levelDb.Lend();
        Run(location, () => LevelDatabase.Destroy(location.Directory), "could not be deleted whole");
        // Its seal must not refuse another database, whose MANIFEST may well have the same name.
        LeaderRecord.End(location);
    }

    internal static RepairReport Repair(string path, LevelDbOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using DatabaseLocation location = DatabaseLocation.Resolve(path, create: false);
        if (!DirectoryCheck.HasRemains(location))
        {
            throw new RaveException(ErrorCodes.DatabaseNotOpen, $"There is no database at '{location.Directory}' to repair.");
        }

        using DatabaseLock held = Take(location);
        using LevelDbLock levelDb = TakeLevelDb(location);
        return new Rescue(location, options, levelDb).Run(now, cancellationToken);
    }

    // What fails is told with what that means for the database.
    internal static T Run<T>(DatabaseLocation location, Func<T> work, string consequence)
    {
        try
        {
            return work();
        }
        catch (Exception cause) when (LevelDbFailures.From(cause) is { } failure)
        {
            throw new RaveException(failure.Code, $"'{location.Directory}' {consequence}: {failure.Message}", cause) { DiskFull = failure.DiskFull };
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
            throw new RaveException(failure.Code, $"{failure.Message} Close it there first.", failure);
        }
        catch (IOException cause)
        {
            throw FileFailure.Of($"'{location.Directory}' was not touched", cause);
        }
    }

    private static RaveException Open(DatabaseLocation location, string? holder) =>
        new(ErrorCodes.Locked, $"'{location.Directory}' is open{(holder is null ? "" : $" in {holder}")}. Close it everywhere first.");
}
