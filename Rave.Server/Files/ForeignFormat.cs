namespace Rave.Server.Files;

// Finds out why this LevelDB cannot use a database that is not damaged: another key order, compression or engine.
internal static class ForeignFormat
{
    // LevelDB has found something foreign, but the files do not show what it is.
    internal const string Unknown = "has data in a format that this LevelDB cannot read. " + Advice;

    private const string NotDamaged = "The data is not damaged.";
    private const string Advice = NotDamaged + " Open the database with the program that created it, and export its entries there.";

    // Sentences that continue the name of the directory, or null if nothing foreign is found.
    // Reads the MANIFEST, and the index and one byte per block of each table.
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

    // A quick check of the file names and of the start of the oldest and newest table. This is enough, because a program uses its
    // format everywhere. LevelDB would open such a database, and fail later when it reads.
    internal static string? FindQuickly(string directory)
    {
        string[] tables = [.. FileNames.In(directory, FileKind.Table)];
        string[] two = tables.Length == 0 ? [] : [tables.MinBy(FileNames.NumberOf)!, tables.MaxBy(FileNames.NumberOf)!];
        bool isForeign = OfNames(directory) is not null || two.Any(table => OfTable(directory, table, blocks: 1) is not null);
        return isForeign ? Find(directory) : null;
    }

    // Every database of RocksDB has these two files. LevelDB could mistake a new one for its own, and then
    // change it so that RocksDB cannot open it any more.
    private static string? OfNames(string directory) =>
        File.Exists(Path.Combine(directory, "IDENTITY")) && Directory.EnumerateFiles(directory, "OPTIONS-*").Any()
            ? $"was created by RocksDB, not by LevelDB (it has the files IDENTITY and OPTIONS). {Advice}"
            : null;

    private static string? OfManifest(Manifest manifest) => manifest switch
    {
        { Comparator: { } name } when name != Manifest.DefaultComparator =>
            $"sorts its keys with the comparator '{name}'. Only {Manifest.DefaultComparator} is supported. {Advice}",
        { UnknownTag: { } tag } => $"was created by {Engine(tag)}, not by LevelDB (its MANIFEST has records with the tag {tag}). {Advice}",
        _ => null,
    };

    private static string? OfTable(string directory, string name, int blocks)
    {
        using TableFile table = new(Path.Combine(directory, name));
        if (table.IsOfRocksDb)
        {
            return $"was created by RocksDB, not by LevelDB ({name} is one of its tables). {Advice}";
        }

        if (table.Index is { IsInOrder: false })
        {
            return $"sorts its keys in another order than {Manifest.DefaultComparator} (as {name} shows). No other is supported. {Advice}";
        }

        string? compression = table.ForeignIndex
            ?? table.Index?.Blocks.Take(blocks).Select(table.ForeignCompression).FirstOrDefault(found => found is not null);
        return compression is null
            ? null
            : $"has blocks compressed with {compression}, in {name}. This LevelDB cannot read them. {NotDamaged}"
                + " Open the database with the program that created it, and rewrite it with Snappy or without compression.";
    }

    // RocksDB's own tags start at 100 (its db/version_edit.h).
    private static string Engine(ulong tag) => tag >= 100 ? "RocksDB or a fork of it" : "another engine";
}
