using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Files;

// A table of LevelDB: blocks of sorted entries, an index of the blocks, and a footer with the place of the index (doc/table_format.md).
internal sealed class TableFile : IDisposable
{
    private const int FooterBytes = 48;
    private const int TrailerBytes = 5; // the type of compression, and a checksum over block and type
    private const int LargestIndex = 1 << 30;
    private const int BufferBytes = 64 << 10;
    private const ulong Magic = 0xdb4775248b80fb57;

    // RocksDB's block based and plain tables.
    private static readonly ulong[] RocksMagics = [0x88e241b785f4cff7, 0x8242229663bf9564];

    private readonly SafeFileHandle _file;

    internal TableFile(string path)
    {
        _file = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_file);
        ReadFooter();
    }

    internal long Length { get; }

    // Null if the table is damaged or foreign.
    internal TableIndex? Index { get; private set; }

    // The compression of the index, if the index is not damaged but this LevelDB cannot read it.
    internal string? ForeignIndex { get; private set; }

    internal bool IsOfRocksDb { get; private set; }

    // The compression of the block, if the block is not damaged but this LevelDB cannot read it. Reads only one byte of other blocks.
    internal string? ForeignCompression(BlockPlace block)
    {
        Span<byte> type = stackalloc byte[1];
        return IsInFile(block) && Read(type, block.Offset + block.Size) && !Compression.IsKnown(type[0]) && IsIntact(block)
            ? NameOf(block, type[0])
            : null;
    }

    // Verifies the checksum of the block.
    internal bool IsIntact(BlockPlace block)
    {
        if (!IsInFile(block))
        {
            return false;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            Checksum checksum = new();
            long end = block.Offset + block.Size + 1;
            for (long at = block.Offset; at < end;)
            {
                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(BufferBytes, end - at));
                if (!Read(piece, at))
                {
                    return false;
                }

                checksum.Add(piece);
                at += piece.Length;
            }

            Span<byte> stored = stackalloc byte[sizeof(uint)];
            return Read(stored, end) && checksum.Masked == BinaryPrimitives.ReadUInt32LittleEndian(stored);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => _file.Dispose();

    private void ReadFooter()
    {
        Span<byte> footer = stackalloc byte[FooterBytes];
        if (Length < FooterBytes || !Read(footer, Length - FooterBytes))
        {
            return;
        }

        ulong magic = BinaryPrimitives.ReadUInt64LittleEndian(footer[^sizeof(ulong)..]);
        IsOfRocksDb = RocksMagics.Contains(magic);
        ByteCursor places = new(footer);
        if (magic == Magic && BlockPlace.TryTake(ref places, out _) && BlockPlace.TryTake(ref places, out BlockPlace index))
        {
            ReadIndex(index);
        }
    }

    private void ReadIndex(BlockPlace place)
    {
        ForeignIndex = ForeignCompression(place);
        if (ForeignIndex is not null || place.Size > LargestIndex || !IsIntact(place))
        {
            return;
        }

        byte[] block = new byte[place.Size + 1];
        if (Read(block, place.Offset))
        {
            byte[]? entries = block[^1] == Compression.None ? block[..^1] : Snappy.Decompress(block.AsSpan(..^1), LargestIndex);
            Index = entries is null ? null : TableIndex.Parse(entries);
        }
    }

    private bool IsInFile(BlockPlace block) =>
        block.Size <= long.MaxValue - block.Offset - TrailerBytes && block.Offset + block.Size + TrailerBytes <= Length;

    private string NameOf(BlockPlace block, byte type)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(Compression.SignatureBytes, block.Size)];
        return Compression.NameOf(type, Read(start, block.Offset) ? start : default);
    }

    private bool Read(Span<byte> bytes, long offset)
    {
        int read = 0;
        while (read < bytes.Length && RandomAccess.Read(_file, bytes[read..], offset + read) is > 0 and var more)
        {
            read += more;
        }

        return read == bytes.Length;
    }
}
