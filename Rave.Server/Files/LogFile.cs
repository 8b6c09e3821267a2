using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Files;

// One log of LevelDB's: the last writes, each a record with a batch in it.
internal sealed class LogFile
{
    // Of a batch: its place in the order of all writes, and how many operations follow (db/write_batch.cc).
    private const int BatchHeaderBytes = 12;
    private const int CountAt = 8;

    private readonly List<LogFragment> _damaged = [];

    // Operations in the records that can be read whole.
    internal long Operations { get; private set; }

    // Bytes that cannot be read, or belong to a record that cannot.
    internal long LostBytes { get; private set; }

    // Reads all of it, checksums included, and a block at a time.
    internal static LogFile Examine(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        LogFile log = new();
        long pending = 0;
        List<byte> header = [];
        foreach (LogFragment fragment in LogBlocks.Fragments(file))
        {
            bool goesOn = fragment.Kind is FragmentKind.Middle or FragmentKind.Last;
            if (!goesOn)
            {
                // A record that was begun and does not end.
                log.LostBytes += pending;
                pending = 0;
                header.Clear();
            }

            if (fragment.Kind == FragmentKind.Blank)
            {
                continue;
            }

            if (fragment.Kind > FragmentKind.Last || (goesOn && pending == 0))
            {
                log.LostBytes += fragment.Length;
                log.Note(fragment);
                continue;
            }

            pending += fragment.Length;
            header.AddRange(fragment.Data.Span[..Math.Min(fragment.Data.Length, BatchHeaderBytes - header.Count)]);
            if (fragment.Kind is FragmentKind.Full or FragmentKind.Last)
            {
                log.Finish(header, pending);
                pending = 0;
                header.Clear();
            }
        }

        log.LostBytes += pending;
        return log;
    }

    // LevelDB's repair does not look at checksums, and would take damaged records for what was written. Makes it step over them.
    internal void HideDamage(string path)
    {
        if (_damaged.Count == 0)
        {
            return;
        }

        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        foreach (LogFragment fragment in _damaged)
        {
            if (fragment.Kind == FragmentKind.Damaged)
            {
                // A kind of fragment that there is not: LevelDB goes on behind it.
                RandomAccess.Write(file, [byte.MaxValue], fragment.Offset + LogFragment.HeaderBytes - 1);
            }
            else
            {
                // Zeros: LevelDB goes on with the next block.
                RandomAccess.Write(file, new byte[fragment.Length], fragment.Offset);
            }
        }
    }

    private void Note(LogFragment fragment)
    {
        if (fragment.Kind is FragmentKind.Damaged or FragmentKind.RestDamaged)
        {
            _damaged.Add(fragment with { Data = default });
        }
    }

    private void Finish(List<byte> header, long bytes)
    {
        if (header.Count < BatchHeaderBytes)
        {
            LostBytes += bytes;
            return;
        }

        Span<byte> count = [.. header[CountAt..]];
        Operations += BinaryPrimitives.ReadUInt32LittleEndian(count);
    }
}
