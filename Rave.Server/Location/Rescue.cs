using Rave.Server.Engine;
using Rave.Server.Files;
using Rave.Server.LevelDb;
using Rave.Server.Storage;

namespace Rave.Server.Location;

// LevelDB's repair of a database that nobody has open, with what it lacks: it is not begun where it would destroy something, the files are copied first,
// a repair that fails is undone, and what was kept is read and told.
internal sealed class Rescue(DatabaseLocation location, LevelDbOptions options, LevelDbLock levelDb)
{
    private string Lost => Path.Combine(location.Directory, "lost");

    // Only under the lock. Cancelled, it has changed nothing.
    internal RepairReport Run(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DamageCheck damage = ClosedDatabase.Run(location, () => Check(cancellationToken), "was not touched: its files could not be read first");
        RepairCopy copy = ClosedDatabase.Run(location, () => RepairCopy.Make(location, now), "was not touched: its files could not be copied first");
        (string[] moved, int tables) = ClosedDatabase.Run(location, () => RepairOrPutBack(damage, copy), "could not be repaired, and is as it was");
        long entries = ClosedDatabase.Run(location, Count, $"was repaired and cannot be read whole all the same; what it was is in '{copy.Directory}'");
        // What was sealed is gone, and the next MANIFEST may well have the same name.
        LeaderRecord.End(location);
        return new(location.Directory, copy.Directory, tables, entries, [.. damage.Lost.Values], moved, Lost, damage.OrderKnown);
    }

    private DamageCheck Check(CancellationToken cancellationToken)
    {
        if (ForeignFormat.Find(location.Directory, cancellationToken) is { } foreign)
        {
            throw new RaveException(ErrorCodes.IoError, $"'{location.Directory}' {foreign} A repair would destroy it, and was not begun.");
        }

        bool hasEntries = FileNames.In(location.Directory).Any(name => FileNames.KindOf(name) is FileKind.Table or FileKind.Log);
        if (!hasEntries && Manifests.Find(location.Directory, out _) is null)
        {
            throw new RaveException(
                ErrorCodes.Corruption, $"'{location.Directory}' holds no table and no log, so there is nothing to rescue, and a repair was not begun. Restore it from a backup.");
        }

        return DamageCheck.Of(location, cancellationToken);
    }

    // Which files it has moved away, and how many tables there are now. Half a repair would open as a database without the rest.
    private (string[] Moved, int Tables) RepairOrPutBack(DamageCheck damage, RepairCopy copy)
    {
        FileInfo[] before = [];
        try
        {
            damage.HideFromLevelDb();
            before = [.. DirectoryCheck.Files(location).Select(name => AsItIs(location.Directory, name))];
            LevelDatabase.Repair(location.Directory, options);
            // Of what it could not read it may leave an empty file behind, which is no part of the database.
            ulong[] tables = [.. Manifests.Find(location.Directory, out _)?.Tables.Keys ?? []];
            string[] moved = Moved(before);
            CheckSaved(damage, before, moved, tables);
            return (moved, tables.Length);
        }
        catch (Exception cause) when (LevelDbFailures.From(cause) is not null || cause is IOException or UnauthorizedAccessException)
        {
            ClosedDatabase.Run(location, () => PutBack(copy, before), $"could not be repaired, and its files could not all be put back; the others are in '{copy.Directory}'");
            throw;
        }
    }

    // LevelDB goes on where it could not write what it read, and says that all went well.
    private static void CheckSaved(DamageCheck damage, FileInfo[] before, string[] moved, ulong[] tables)
    {
        string[] tablesBefore = [.. before.Select(file => file.Name).Where(name => FileNames.KindOf(name) == FileKind.Table)];
        foreach (string table in tablesBefore.Where(name => moved.Contains(name) && !damage.Lost.ContainsKey(name)))
        {
            string what = tables.Contains(FileNames.NumberOf(table)) ? "could not be read whole" : "could not be read, or not be written anew";
            damage.Lost.Add(table, new(table, null, $"{table} {what}"));
        }

        int saved = tables.Except(tablesBefore.Select(FileNames.NumberOf)).Count();
        if (saved < damage.LogsToSave)
        {
            throw new IOException($"of {damage.LogsToSave} logs only {saved} could be made tables; is the disk full? Make room for as much again, and repair again");
        }
    }

    private void PutBack(RepairCopy copy, FileInfo[] before)
    {
        foreach (string file in Moved(before))
        {
            File.Delete(Path.Combine(Lost, file));
        }

        copy.PutBack();
    }

    // A rename keeps length and time.
    private string[] Moved(FileInfo[] before) =>
    [
        .. before
            .Where(file => AsItIs(Lost, file.Name) is { Exists: true } there && there.Length == file.Length && there.LastWriteTimeUtc == file.LastWriteTimeUtc)
            .Select(file => file.Name)
            .Order(StringComparer.Ordinal),
    ];

    // Reads it whole, as nobody does before it is needed.
    private long Count()
    {
        long entries = 0;
        levelDb.Lend();
        using (LevelDatabase database = LevelDatabase.Open(location.Directory, options, create: false))
        {
            new RangeWalk(database, snapshot: null, RangeBounds.All.ToRange()) { Values = true }.Run((_, _) =>
            {
                entries++;
                return true;
            });
        }

        levelDb.TakeBack();
        return entries;
    }

    // Whatever becomes of it later.
    private static FileInfo AsItIs(string directory, string name)
    {
        FileInfo file = new(Path.Combine(directory, name));
        file.Refresh();
        return file;
    }
}
