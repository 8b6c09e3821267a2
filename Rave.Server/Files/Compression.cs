namespace Rave.Server.Files;

// How the blocks of tables are compressed: a byte behind each says it. LevelDB 1.23 knows two ways; others have added their own, and not always with another number.
internal static class Compression
{
    internal const byte None = 0;
    internal const byte WithSnappy = 1;

    // From so many bytes at the beginning of a block, what two programs use one number for can be told apart.
    internal const int TellingBytes = 4;

    private const byte ZlibHeader = 0x78;

    internal static bool IsKnown(byte type) => type is None or WithSnappy;

    internal static string NameOf(byte type, ReadOnlySpan<byte> start) => type switch
    {
        2 when start is [ZlibHeader, ..] => "zlib (2), as older Minecraft Bedrock writes it",
        2 => "zstd (2), as newer LevelDBs write it",
        4 => "raw zlib (4), as Minecraft Bedrock writes it",
        _ => $"compression number {type}",
    };
}
