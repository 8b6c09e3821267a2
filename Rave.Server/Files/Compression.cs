namespace Rave.Server.Files;

// The byte after each block of a table: how the block is compressed. LevelDB 1.23 knows the two below. Other programs have
// added more, and some share a number.
internal static class Compression
{
    internal const byte None = 0;
    internal const byte WithSnappy = 1;

    // This many bytes of a block are enough to tell compressions with the same number apart.
    internal const int SignatureBytes = 4;

    private const byte ZlibHeader = 0x78;

    internal static bool IsKnown(byte type) => type is None or WithSnappy;

    internal static string NameOf(byte type, ReadOnlySpan<byte> start) => type switch
    {
        2 when start is [ZlibHeader, ..] => "zlib (2, used by older Minecraft Bedrock)",
        2 => "zstd (2, used by newer versions of LevelDB)",
        4 => "raw zlib (4, used by Minecraft Bedrock)",
        _ => $"compression number {type}",
    };
}
