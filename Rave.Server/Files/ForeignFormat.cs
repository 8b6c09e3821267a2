namespace Rave.Server.Files;

// Why this LevelDB cannot use a database although nothing of it is damaged: another order of keys, another compression, another engine.
internal static class ForeignFormat
{
    // What can be said where LevelDB has met something of the kind, and the files do not tell what it is.
    internal const string Unknown = "stores something in a way that this LevelDB does not read. " + Advice;

    private const string Sound = "Nothing is damaged by that:";
    private const string Advice = Sound + " open it with the program that made it, and export its entries from there.";

    // A sentence that goes on from the name of the directory; null where there is no such reason, or none that can be found.
    // Reads the MANIFEST, and of each table the index and a byte of every block.
    internal static string? Find(string directory, CancellationToken cancellationToken = default)
    {
        if (OfNames(directory) is { } engine)
        {
            return engine;
        }

        if (Manifests.Find(directory, out _) is { } manifest && OfManifest(manifest) is { } reason)
        {
            return reason;
        }

        foreach (string name in FileNames.In(directory, FileKind.Table))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (OfTable(directory, name, blocks: int.MaxValue) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    // The same from the names alone and from where the oldest and the newest table begin, which takes no time: a program that stores
    // in another way does so everywhere. LevelDB itself would open such a database, and fail when it comes to read there.
    internal static string? Glance(string directory)
    {
        string[] tables = [.. FileNames.In(directory, FileKind.Table)];
        string[] two = tables.Length == 0 ? [] : [tables.MinBy(FileNames.NumberOf)!, tables.MaxBy(FileNames.NumberOf)!];
        return OfNames(directory) is not null || two.Any(table => OfTable(directory, table, blocks: 1) is not null) ? Find(directory) : null;
    }

    // RocksDB has these two in every database, and one that is new could pass for LevelDB's,
    // which would change it so that RocksDB could not open it any more.
    private static string? OfNames(string directory) =>
        File.Exists(Path.Combine(directory, "IDENTITY")) && Directory.EnumerateFiles(directory, "OPTIONS-*").Any()
            ? $"was made by RocksDB, not by LevelDB (it has an IDENTITY and OPTIONS). {Advice}"
            : null;

    private static string? OfManifest(Manifest manifest) => manifest switch
    {
        { Comparator: { } name } when name != Manifest.UsualComparator =>
            $"was made with the comparator '{name}', another order of keys than {Manifest.UsualComparator}, the one there is here. {Advice}",
        { UnknownTag: { } tag } => $"was made by {Engine(tag)}, not by LevelDB (its MANIFEST has records with number {tag}). {Advice}",
        _ => null,
    };

    private static string? OfTable(string directory, string name, int blocks)
    {
        using TableFile table = new(Path.Combine(directory, name));
        if (table.IsOfRocksDb)
        {
            return $"was made by RocksDB, not by LevelDB ({name} is one of its tables). {Advice}";
        }

        if (table.Index is { IsInOrder: false })
        {
            return $"was made with another order of keys than {Manifest.UsualComparator}, the one there is here ({name} is sorted by it). {Advice}";
        }

        return (table.ForeignIndex ?? table.Index?.Blocks.Take(blocks).Select(table.ForeignCompression).FirstOrDefault(found => found is not null)) is { } compression
            ? $"has blocks that are compressed with {compression} ({name}), which this LevelDB does not read. {Sound} open it with the program that made it, and write it anew with Snappy or without compression."
            : null;
    }

    // RocksDB's own begin at 100 (db/version_edit.h there).
    private static string Engine(ulong tag) => tag >= 100 ? "RocksDB or a relative of it" : "another engine";
}
