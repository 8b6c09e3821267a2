using System.Buffers.Binary;
using System.Text;
using Rave.Server.Files;

namespace Rave.Tests.Files;

// Writes a database as another program could: a table and a MANIFEST with correct checksums and any contents.
internal sealed class ForeignFiles(string directory)
{
    internal const ulong LevelDbMagic = 0xdb4775248b80fb57;
    internal const ulong RocksDbMagic = 0x88e241b785f4cff7;

    // The compression that blocks declare, and their first bytes. The blocks need not be compressed in this way.
    internal byte EntryCompression { get; init; }

    internal byte IndexCompression { get; init; }

    internal byte[] BlockStart { get; init; } = [];

    internal string Comparator { get; init; } = "leveldb.BytewiseComparator";

    internal ulong Magic { get; init; } = LevelDbMagic;

    // Something more in the MANIFEST: number, value.
    internal ulong? Tag { get; init; }

    // Of the blocks, those that are compressed so.
    internal Func<int, bool> Compressed { get; init; } = _ => true;

    // An entry a block, in the order in which they are given. A character is a byte.
    internal void Write(params string[] keys)
    {
        Directory.CreateDirectory(directory);
        using MemoryStream table = new();
        List<(byte[] Key, byte[] Value)> index = [];
        for (int i = 0; i < keys.Length; i++)
        {
            byte[] key = InternalKey(keys[i], (ulong)i + 1);
            index.Add((key, Append(table,
                [.. Compressed(i) ? BlockStart : [], .. Block((key, Encoding.Latin1.GetBytes($"value of {keys[i]}")))], Compressed(i)
                ? EntryCompression : (byte)0)));
        }

        byte[] footer = [.. Append(table, Block(), 0),
            .. Append(table, [.. IndexCompression == 0 ? [] : BlockStart, .. Block([.. index])], IndexCompression)];
        table.Write([.. footer, .. new byte[40 - footer.Length], .. Fixed(Magic)]);
        File.WriteAllBytes(Path.Combine(directory, "000005.ldb"), table.ToArray());
        File.WriteAllText(Path.Combine(directory, "CURRENT"), "MANIFEST-000004\n");
        File.WriteAllBytes(Path.Combine(directory, "MANIFEST-000004"), LogRecord(
        [
            1, .. Text(Encoding.UTF8.GetBytes(Comparator)), 2, 6, 9, 0, 3, 7, 4, .. Varint((ulong)keys.Length),
            7, 2, 5, .. Varint((ulong)table.Length), .. Text(InternalKey(keys[0], 1)), .. Text(InternalKey(keys[^1], (ulong)keys.Length)),
            .. Tag is { } tag ? Varint(tag) : [], .. Tag is not null ? Text("x"u8) : [],
        ]));
        File.WriteAllBytes(Path.Combine(directory, "000006.log"), []);
    }

    private static byte[] Append(MemoryStream table, byte[] block, byte compression)
    {
        byte[] place = [.. Varint((ulong)table.Length), .. Varint((ulong)block.Length)];
        table.Write([.. block, compression, .. Masked([.. block, compression])]);
        return place;
    }

    // Every key whole, so that every entry is a place to restart from.
    private static byte[] Block(params (byte[] Key, byte[] Value)[] entries)
    {
        List<byte> block = [];
        List<byte> restarts = [];
        foreach ((byte[] key, byte[] value) in entries)
        {
            restarts.AddRange(Fixed((uint)block.Count));
            block.AddRange([0, .. Varint((ulong)key.Length), .. Varint((ulong)value.Length), .. key, .. value]);
        }

        return [.. block, .. entries.Length == 0 ? new byte[4] : [.. restarts], .. Fixed((uint)Math.Max(1, entries.Length))];
    }

    private static byte[] InternalKey(string key, ulong sequence) => [.. Encoding.Latin1.GetBytes(key), .. Fixed((sequence << 8) | 1)];

    private static byte[] LogRecord(byte[] record) =>
        [.. Masked([(byte)FragmentKind.Full, .. record]), (byte)record.Length, (byte)(record.Length >> 8),
            (byte)FragmentKind.Full, .. record];

    private static byte[] Masked(byte[] bytes)
    {
        Checksum checksum = new();
        checksum.Add(bytes);
        return Fixed(checksum.Masked);
    }

    private static byte[] Text(ReadOnlySpan<byte> bytes) => [.. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Varint(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];

    private static byte[] Fixed(uint value)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Fixed(ulong value) => [.. Fixed((uint)value), .. Fixed((uint)(value >> 32))];
}
