using System.Globalization;
using Rave.Server.Files;
using Rave.Server.Protocol;

namespace Rave.Server.Location;

// Checks all files of a closed database before a repair, because LevelDB's repair does not report what it loses.
internal sealed class DamageCheck
{
    private readonly DatabaseLocation _location;
    private readonly Dictionary<string, LogFile> _logs = [];
    private readonly Manifest? _manifest;
    private readonly bool _isCurrent;

    private DamageCheck(DatabaseLocation location)
    {
        _location = location;
        _manifest = Manifests.Find(location.Directory, out _isCurrent);
    }

    // The losses by file name.
    internal SortedDictionary<string, RepairLoss> Lost { get; } = new(StringComparer.Ordinal);

    // Whether a MANIFEST names the order of the keys.
    internal bool OrderKnown => _manifest?.Comparator is not null;

    // The number of logs with operations. A repair makes a table of each.
    internal int LogsToSave => _logs.Values.Count(log => log.Operations > 0);

    internal static DamageCheck Of(DatabaseLocation location, CancellationToken cancellationToken)
    {
        DamageCheck check = new(location);
        foreach (string name in FileNames.In(location.Directory, FileKind.Table))
        {
            check.CheckTable(name, cancellationToken);
        }

        foreach (string name in FileNames.In(location.Directory, FileKind.Log))
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogFile log = LogFile.Examine(check.PathOf(name));
            check._logs.Add(name, log);
            if (log.LostBytes > 0)
            {
                check.AddLoss(name, log.LostBytes, "has damaged or incomplete writes");
            }
        }

        check.FindMissing();
        return check;
    }

    // LevelDB's repair does not verify the checksums of logs, and would restore damaged writes.
    internal void HideFromLevelDb()
    {
        foreach ((string name, LogFile log) in _logs)
        {
            log.HideDamage(PathOf(name));
        }
    }

    private void CheckTable(string name, CancellationToken cancellationToken)
    {
        using TableFile table = new(PathOf(name));
        if (table.Index is not { } index)
        {
            // The file may be truncated. The MANIFEST may have its full size.
            long size = Math.Max(table.Length, _manifest?.Tables.GetValueOrDefault(FileNames.NumberOf(name)) ?? 0);
            AddLoss(name, size, table.Length == 0 ? "is empty" : "has a damaged index, so none of its entries can be read");
            return;
        }

        int damaged = 0;
        long bytes = 0;
        foreach (BlockPlace block in index.Blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!table.IsIntact(block))
            {
                damaged++;
                bytes += block.Size;
            }
        }

        if (damaged > 0)
        {
            AddLoss(name, bytes, string.Create(CultureInfo.InvariantCulture, $"has {damaged} damaged blocks of {index.Blocks.Count}"));
        }
    }

    private void FindMissing()
    {
        List<SealedFile> broken = LeaderRecord.Broken(_location);
        foreach (SealedFile log in broken.Where(file => FileNames.KindOf(file.Name) == FileKind.Log && !Lost.ContainsKey(file.Name)))
        {
            AddLoss(log.Name, null, $"was changed after the database was closed ({ClosingSeal.Lengths(_location, log)})");
        }

        if (_manifest is not { IsComplete: true } || !_isCurrent || broken.Exists(file => FileNames.KindOf(file.Name) == FileKind.Manifest))
        {
            // An old or incomplete MANIFEST lists tables that were replaced long ago.
            return;
        }

        HashSet<ulong> present = [.. FileNames.In(_location.Directory, FileKind.Table).Select(FileNames.NumberOf)];
        foreach ((ulong number, long size) in _manifest.Tables.Where(table => !present.Contains(table.Key)))
        {
            AddLoss(string.Create(CultureInfo.InvariantCulture, $"{number:d6}.ldb"), size, "is missing");
        }
    }

    private void AddLoss(string name, long? bytes, string what) => Lost.Add(name, new(name, bytes, $"{name} {what}"));

    private string PathOf(string name) => Path.Combine(_location.Directory, name);
}
