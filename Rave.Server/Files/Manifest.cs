using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Files;

// What a MANIFEST says of a database, as far as it can be read (db/version_edit.cc).
internal sealed class Manifest
{
    // The order of keys that LevelDB has where nobody gave it another.
    internal const string UsualComparator = "leveldb.BytewiseComparator";

    private readonly Dictionary<ulong, long> _tables = [];

    // The name of the order that its keys have; null where that part cannot be read.
    internal string? Comparator { get; private set; }

    // Something that LevelDB never writes, with a right checksum; null where there is no such thing.
    internal ulong? UnknownTag { get; private set; }

    // Whether every byte of it could be read.
    internal bool IsWhole { get; private set; } = true;

    // The tables that make up the database, and how many bytes each has. Which they are is not to be relied on unless it is whole.
    internal IReadOnlyDictionary<ulong, long> Tables => _tables;

    internal static Manifest Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        Manifest manifest = new();
        List<byte> record = [];
        bool within = false;
        foreach (LogFragment fragment in LogBlocks.Fragments(file))
        {
            if (fragment.Kind > FragmentKind.Last || within != (fragment.Kind is FragmentKind.Middle or FragmentKind.Last))
            {
                manifest.IsWhole &= fragment.Kind == FragmentKind.Blank && !within;
                within = false;
            }

            if (fragment.Kind is FragmentKind.Full or FragmentKind.First)
            {
                record.Clear();
                within = true;
            }

            if (within)
            {
                record.AddRange(fragment.Data.Span);
                within = fragment.Kind is FragmentKind.First or FragmentKind.Middle;
                if (!within)
                {
                    manifest.Apply(CollectionsMarshal.AsSpan(record));
                }
            }
        }

        manifest.IsWhole &= !within && manifest.Comparator is not null;
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

    // False where it is nothing that LevelDB writes.
    private bool Apply(ulong tag, ref ByteCursor edit)
    {
        switch (tag)
        {
            case 1 when edit.TakeString(out ReadOnlySpan<byte> name):
                Comparator = Encoding.UTF8.GetString(name);
                return true;
            case 2 or 3 or 4 or 9:
                // Numbers of logs, of the next file, of the last write.
                return edit.TakeVarint(out _);
            case 5:
                // How far a level's compactions have come.
                return edit.TakeVarint(out _) && edit.TakeString(out _);
            case 6 when edit.TakeVarint(out _) && edit.TakeVarint(out ulong gone):
                _tables.Remove(gone);
                return true;
            case 7 when edit.TakeVarint(out _) && edit.TakeVarint(out ulong table) && edit.TakeVarint(out ulong size) && edit.TakeString(out _) && edit.TakeString(out _):
                _tables[table] = (long)size;
                return true;
            default:
                return false;
        }
    }
}
