using Rave.Server.Engine;
using Rave.Server.Files;
using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Location;

// LevelDB's repair, made safe: it does not start if it would destroy something, it copies the files first, it is undone if it fails,
// and it reports what was kept and lost.
internal sealed class Rescue(DatabaseLocation location, LevelDbOptions options, LevelDbLock levelDb)
{
    private string Lost => Path.Combine(location.Directory, "lost");

    // Only under the lock. Nothing is changed if it is cancelled.
    internal RepairReport Run(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DamageCheck damage = ClosedDatabase.Run(
            location, () => Check(cancellationToken), "was not changed, because its files could not be read");
        RepairCopy copy = ClosedDatabase.Run(
            location, () => RepairCopy.Make(location, now), "was not changed, because its files could not be copied");
        (string[] moved, int tables) = ClosedDatabase.Run(
            location, () => RepairOrRestore(damage, copy), "could not be repaired, and is as it was");
        long entries = ClosedDatabase.Run(
            location, Count, $"was repaired, but cannot be read completely. The files from before are in '{copy.Directory}'");
        // The sealed files are gone, and the next MANIFEST may have the same name.
        LeaderRecord.End(location);
        return new(location.Directory, copy.Directory, tables, entries, [.. damage.Lost.Values], moved, Lost, damage.OrderKnown);
    }

    private DamageCheck Check(CancellationToken cancellationToken)
    {
        if (ForeignFormat.Find(location.Directory, cancellationToken) is { } foreign)
        {
            throw new RaveException(
                ErrorCodes.IoError, $"'{location.Directory}' {foreign} A repair would destroy it, and was not started.");
        }

        bool hasEntries = FileNames.In(location.Directory).Any(name => FileNames.KindOf(name) is FileKind.Table or FileKind.Log);
        if (!hasEntries && Manifests.Find(location.Directory, out _) is null)
        {
            throw new RaveException(
                ErrorCodes.Corruption, $"'{location.Directory}' has no table and no log, so nothing can be rescued. Restore a backup.");
        }

        return DamageCheck.Of(location, cancellationToken);
    }

    // The files that were moved away, and the number of tables. Undoes a failed repair, because its result would open without the rest.
    private (string[] Moved, int Tables) RepairOrRestore(DamageCheck damage, RepairCopy copy)
    {
        FileInfo[] before = [];
        try
        {
            damage.HideFromLevelDb();
            before = [.. DirectoryCheck.Files(location).Select(name => FileNow(location.Directory, name))];
            LevelDatabase.Repair(location.Directory, options);
            // Only the MANIFEST shows the tables: LevelDB may leave empty files that do not belong to the database.
            ulong[] tables = [.. Manifests.Find(location.Directory, out _)?.Tables.Keys ?? []];
            string[] moved = Moved(before);
            CheckSaved(damage, before, moved, tables);
            return (moved, tables.Length);
        }
        catch (Exception cause) when (LevelDbFailures.From(cause) is not null || cause is IOException or UnauthorizedAccessException)
        {
            ClosedDatabase.Run(
                location,
                () => Restore(copy, before),
                $"could not be repaired, and some files could not be put back. Move them back from '{copy.Directory}'");
            throw;
        }
    }

    // LevelDB ignores a failed write of what it has read, and reports success.
    private static void CheckSaved(DamageCheck damage, FileInfo[] before, string[] moved, ulong[] tables)
    {
        string[] tablesBefore = [.. before.Select(file => file.Name).Where(name => FileNames.KindOf(name) == FileKind.Table)];
        foreach (string table in tablesBefore.Where(name => moved.Contains(name) && !damage.Lost.ContainsKey(name)))
        {
            string what = tables.Contains(FileNames.NumberOf(table)) ? "could not be read completely" : "could not be read or rewritten";
            damage.Lost.Add(table, new(table, null, $"{table} {what}"));
        }

        int saved = tables.Except(tablesBefore.Select(FileNames.NumberOf)).Count();
        if (saved < damage.LogsToSave)
        {
            throw new IOException(
                $"Only {saved} of {damage.LogsToSave} logs could be written as tables. Free space on the disk, and repair again.");
        }
    }

    private void Restore(RepairCopy copy, FileInfo[] before)
    {
        foreach (string file in Moved(before))
        {
            File.Delete(Path.Combine(Lost, file));
        }

        copy.Restore();
    }

    private string[] Moved(FileInfo[] before) => [.. before.Where(IsMoved).Select(file => file.Name).Order(StringComparer.Ordinal)];

    // A rename keeps length and time.
    private bool IsMoved(FileInfo file) =>
        FileNow(Lost, file.Name) is { Exists: true } moved
        && moved.Length == file.Length
        && moved.LastWriteTimeUtc == file.LastWriteTimeUtc;

    // Reads the whole database.
    private long Count()
    {
        long entries = 0;
        levelDb.Suspend();
        using (LevelDatabase database = LevelDatabase.Open(location.Directory, options, create: false))
        {
            new RangeWalk(database, snapshot: null, RangeBounds.All.ToRange()) { Values = true }.Run((_, _) =>
            {
                entries++;
                return true;
            });
        }

        levelDb.Resume();
        return entries;
    }

    // Length and time of the file at this moment.
    private static FileInfo FileNow(string directory, string name)
    {
        FileInfo file = new(Path.Combine(directory, name));
        file.Refresh();
        return file;
    }
}
