using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Rave.Server.Files;

// One table of LevelDB's: sorted entries in blocks, an index of these, and a footer that says where the index is (doc/table_format.md).
internal sealed class TableFile : IDisposable
{
    private const int FooterBytes = 48;
    private const int TrailerBytes = 5; // of a block: how it is compressed, and a checksum over both
    private const int LargestIndex = 1 << 30;
    private const int BufferBytes = 64 << 10;
    private const ulong Magic = 0xdb4775248b80fb57;

    // Of RocksDB's block based and plain tables.
    private static readonly ulong[] RocksMagics = [0x88e241b785f4cff7, 0x8242229663bf9564];

    private readonly SafeFileHandle _file;

    internal TableFile(string path)
    {
        _file = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_file);
        ReadFooter();
    }

    internal long Length { get; }

    // Whether its entries can be found at all. Where not, it is damaged, or foreign.
    internal TableIndex? Index { get; private set; }

    // How its index is compressed, where that is not for this LevelDB to read although it is not damaged.
    internal string? ForeignIndex { get; private set; }

    internal bool IsOfRocksDb { get; private set; }

    // How the block is compressed, where that is not for this LevelDB to read although it is not damaged. Reads one byte of any other.
    internal string? ForeignCompression(BlockPlace block)
    {
        if (block.Size > long.MaxValue - block.Offset - TrailerBytes || block.Offset + block.Size + TrailerBytes > Length)
        {
            return null;
        }

        Span<byte> type = stackalloc byte[1];
        return Read(type, block.Offset + block.Size) && !Compression.IsKnown(type[0]) && IsSound(block) ? NameOf(block, type[0]) : null;
    }

    // Reads it, a piece at a time.
    internal bool IsSound(BlockPlace block)
    {
        if (block.Size > long.MaxValue - block.Offset - TrailerBytes || block.Offset + block.Size + TrailerBytes > Length)
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
        if (ForeignIndex is not null || place.Size > LargestIndex || !IsSound(place))
        {
            return;
        }

        byte[] block = new byte[place.Size + 1];
        if (Read(block, place.Offset))
        {
            ReadOnlySpan<byte> stored = block.AsSpan(0, (int)place.Size);
            Index = block[^1] == Compression.None ? TableIndex.Parse(stored) : Snappy.Decompress(stored, LargestIndex) is { } entries ? TableIndex.Parse(entries) : null;
        }
    }

    private string NameOf(BlockPlace block, byte type)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(Compression.TellingBytes, block.Size)];
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
