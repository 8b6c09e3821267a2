using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Files;

// The readable contents of a MANIFEST (db/version_edit.cc).
internal sealed class Manifest
{
    internal const string DefaultComparator = "leveldb.BytewiseComparator";

    private readonly Dictionary<ulong, long> _tables = [];

    // The name of the order of the keys, or null if it cannot be read.
    internal string? Comparator { get; private set; }

    // A tag with a correct checksum that LevelDB never writes, or null.
    internal ulong? UnknownTag { get; private set; }

    // Whether all of it could be read.
    internal bool IsComplete { get; private set; } = true;

    // The numbers and sizes of the database's tables. Correct only if IsComplete.
    internal IReadOnlyDictionary<ulong, long> Tables => _tables;

    internal static Manifest Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        Manifest manifest = new();
        List<byte> record = [];
        bool inRecord = false;
        foreach (LogFragment fragment in LogBlocks.Fragments(file))
        {
            if (fragment.Kind > FragmentKind.Last || inRecord != (fragment.Kind is FragmentKind.Middle or FragmentKind.Last))
            {
                manifest.IsComplete &= fragment.Kind == FragmentKind.Blank && !inRecord;
                inRecord = false;
            }

            if (fragment.Kind is FragmentKind.Full or FragmentKind.First)
            {
                record.Clear();
                inRecord = true;
            }

            if (inRecord)
            {
                record.AddRange(fragment.Data.Span);
                inRecord = fragment.Kind is FragmentKind.First or FragmentKind.Middle;
                if (!inRecord)
                {
                    manifest.Apply(CollectionsMarshal.AsSpan(record));
                }
            }
        }

        manifest.IsComplete &= !inRecord && manifest.Comparator is not null;
        return manifest;
    }

    private void Apply(ReadOnlySpan<byte> record)
    {
        ByteCursor edit = new(record);
        while (UnknownTag is null && edit.TakeVarint(out ulong tag))
        {
            if (!Apply(tag, ref edit))
            {
                UnknownTag = tag;
            }
        }
    }

    // False if LevelDB never writes this.
    private bool Apply(ulong tag, ref ByteCursor edit)
    {
        switch (tag)
        {
            case 1 when edit.TakeString(out ReadOnlySpan<byte> name):
                Comparator = Encoding.UTF8.GetString(name);
                return true;
            case 2 or 3 or 4 or 9:
                // The numbers of the logs, of the next file and of the last write.
                return edit.TakeVarint(out _);
            case 5:
                // The progress of a level's compactions.
                return edit.TakeVarint(out _) && edit.TakeString(out _);
            case 6 when edit.TakeVarint(out _) && edit.TakeVarint(out ulong deleted):
                _tables.Remove(deleted);
                return true;
            case 7 when edit.TakeVarint(out _) && edit.TakeVarint(out ulong table) && edit.TakeVarint(out ulong size)
                && edit.TakeString(out _) && edit.TakeString(out _):
                _tables[table] = (long)size;
                return true;
            default:
                return false;
        }
    }
}
