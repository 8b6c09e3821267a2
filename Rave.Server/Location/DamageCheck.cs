using System.Globalization;
using Rave.Server.Files;
using Rave.Server.Protocol;

namespace Rave.Server.Location;

// What is wrong with the files of a closed database, before a repair: LevelDB's own says nothing of what it leaves out. Reads all of them, a piece at a time.
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

    // By the name of the file.
    internal SortedDictionary<string, RepairLoss> Lost { get; } = new(StringComparer.Ordinal);

    // Whether a MANIFEST names the order of the keys.
    internal bool OrderKnown => _manifest?.Comparator is not null;

    // The logs that hold something; of each, a repair makes a table.
    internal int LogsToSave => _logs.Values.Count(log => log.Operations > 0);

    internal static DamageCheck Of(DatabaseLocation location, CancellationToken cancellationToken)
    {
        DamageCheck check = new(location);
        foreach (string name in FileNames.In(location.Directory, FileKind.Table))
        {
            check.LookAtTable(name, cancellationToken);
        }

        foreach (string name in FileNames.In(location.Directory, FileKind.Log))
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogFile log = LogFile.Examine(check.PathOf(name));
            check._logs.Add(name, log);
            if (log.LostBytes > 0)
            {
                check.Lose(name, log.LostBytes, "holds writes that cannot be read, or are not there to their end");
            }
        }

        check.LookForMissing();
        return check;
    }

    // So that LevelDB's repair, which looks at no checksum of a log, does not take what is damaged for what was written.
    internal void HideFromLevelDb()
    {
        foreach ((string name, LogFile log) in _logs)
        {
            log.HideDamage(PathOf(name));
        }
    }

    private void LookAtTable(string name, CancellationToken cancellationToken)
    {
        using TableFile table = new(PathOf(name));
        if (table.Index is not { } index)
        {
            // What it should have, where that is known: it may have been cut.
            long size = Math.Max(table.Length, _manifest?.Tables.GetValueOrDefault(FileNames.NumberOf(name)) ?? 0);
            Lose(name, size, table.Length == 0 ? "is empty" : "has an index that cannot be read, without which none of it can");
            return;
        }

        int damaged = 0;
        long bytes = 0;
        foreach (BlockPlace block in index.Blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!table.IsSound(block))
            {
                damaged++;
                bytes += block.Size;
            }
        }

        if (damaged > 0)
        {
            Lose(name, bytes, string.Create(CultureInfo.InvariantCulture, $"has damaged blocks, {damaged} of {index.Blocks.Count}"));
        }
    }

    private void LookForMissing()
    {
        List<SealedFile> broken = LeaderRecord.Broken(_location);
        foreach (SealedFile log in broken.Where(file => FileNames.KindOf(file.Name) == FileKind.Log && !Lost.ContainsKey(file.Name)))
        {
            Lose(log.Name, null, $"is not what it was when the database was closed ({ClosingSeal.Lengths(_location, log)})");
        }

        if (_manifest is not { IsWhole: true } || !_isCurrent || broken.Exists(file => FileNames.KindOf(file.Name) == FileKind.Manifest))
        {
            // An older one, or one without its end, names tables that were replaced long ago.
            return;
        }

        HashSet<ulong> there = [.. FileNames.In(_location.Directory, FileKind.Table).Select(FileNames.NumberOf)];
        foreach ((ulong number, long size) in _manifest.Tables.Where(table => !there.Contains(table.Key)))
        {
            Lose(string.Create(CultureInfo.InvariantCulture, $"{number:d6}.ldb"), size, "is missing");
        }
    }

    private void Lose(string name, long? bytes, string what) => Lost.Add(name, new(name, bytes, $"{name} {what}"));

    private string PathOf(string name) => Path.Combine(_location.Directory, name);
}
