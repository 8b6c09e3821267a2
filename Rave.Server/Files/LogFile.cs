using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Files;

// A log of LevelDB: the last writes. Each record is one batch.
internal sealed class LogFile
{
    // A batch begins with its sequence number and its number of operations (db/write_batch.cc).
    private const int BatchHeaderBytes = 12;
    private const int CountAt = 8;

    private readonly List<LogFragment> _damaged = [];

    // Operations in the intact records.
    internal long Operations { get; private set; }

    // Bytes of damaged and incomplete records.
    internal long LostBytes { get; private set; }

    // Reads the whole file, one block at a time, and verifies the checksums.
    internal static LogFile Examine(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        LogFile log = new();
        long pending = 0;
        List<byte> header = [];
        foreach (LogFragment fragment in LogBlocks.Fragments(file))
        {
            bool continues = fragment.Kind is FragmentKind.Middle or FragmentKind.Last;
            if (!continues)
            {
                // The record before has no end.
                log.LostBytes += pending;
                pending = 0;
                header.Clear();
            }

            if (fragment.Kind == FragmentKind.Blank)
            {
                continue;
            }

            if (fragment.Kind > FragmentKind.Last || (continues && pending == 0))
            {
                log.LostBytes += fragment.Length;
                if (fragment.Kind is FragmentKind.Damaged or FragmentKind.RestDamaged)
                {
                    log._damaged.Add(fragment with { Data = default });
                }

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

    // LevelDB's repair ignores checksums, and would accept damaged records. This makes it skip them.
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
                // LevelDB skips a fragment of an unknown type.
                RandomAccess.Write(file, [byte.MaxValue], fragment.Offset + LogFragment.HeaderBytes - 1);
            }
            else
            {
                // After zeros, LevelDB continues with the next block.
                RandomAccess.Write(file, new byte[fragment.Length], fragment.Offset);
            }
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
