using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Text;
using Rave.Server.Protocol;

namespace Rave.Server.Storage;

// A scan as opaque text. The server keeps no state, so any later leader can continue the scan:
//   format (1) · flags · limit (varint, 0 for none, else limit + 1) · last key · gt · gte · lt · lte · prefix ·
//   snapshot (if its flag is set) · CRC-32C of all that, little-endian
// A missing key is the varint 0, any other is its length + 1 and its bytes. The checksum finds damage. It is not a signature: a token
// only asks for what a client could also ask for with parameters.
internal static class ContinuationToken
{
    private const byte Format = 1;
    private const byte ReverseFlag = 1;
    private const byte KeysFlag = 2;
    private const byte ValuesFlag = 4;
    private const byte ETagsFlag = 8;
    private const byte SnapshotFlag = 16;
    private const byte KnownFlags = ReverseFlag | KeysFlag | ValuesFlag | ETagsFlag | SnapshotFlag;
    private const int ChecksumBytes = 4;

    internal static string Encode(Scan scan)
    {
        ArrayBufferWriter<byte> token = new(64);
        int flags = (scan.Reverse ? ReverseFlag : 0) | (scan.Keys ? KeysFlag : 0) | (scan.Values ? ValuesFlag : 0)
            | (scan.ETags ? ETagsFlag : 0) | (scan.Snapshot is null ? 0 : SnapshotFlag);
        token.Write([Format, (byte)flags]);
        WriteNumber(token, (ulong)(scan.Limit + 1));
        WriteKey(token, scan.LastKey);
        foreach (byte[]? bound in Bounds(scan.Bounds))
        {
            WriteKey(token, bound);
        }

        if (scan.Snapshot is not null)
        {
            WriteKey(token, Encoding.UTF8.GetBytes(scan.Snapshot));
        }

        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum(token.WrittenSpan));
        token.Write(checksum);
        return Base64Url.EncodeToString(token.WrittenSpan);
    }

    internal static Scan Decode(ReadOnlySpan<byte> text)
    {
        byte[] token = new byte[text.Length];
        if (!TextEncoding.Base64Url.TryDecode(text, token, out int length) || length < ChecksumBytes + 2 || token[0] != Format)
        {
            throw Invalid();
        }

        ReadOnlySpan<byte> rest = token.AsSpan(0, length - ChecksumBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(token.AsSpan(rest.Length)) != Checksum(rest))
        {
            throw Invalid();
        }

        int flags = rest[1];
        if ((flags & ~KnownFlags) != 0)
        {
            // A later version made it, with features that this one does not know.
            throw Invalid();
        }

        rest = rest[2..];
        Scan scan = new()
        {
            Reverse = (flags & ReverseFlag) != 0,
            Keys = (flags & KeysFlag) != 0,
            Values = (flags & ValuesFlag) != 0,
            ETags = (flags & ETagsFlag) != 0,
            Limit = (long)ReadNumber(ref rest) - 1,
            LastKey = ReadKey(ref rest) ?? throw Invalid(),
            Bounds = new(ReadKey(ref rest), ReadKey(ref rest), ReadKey(ref rest), ReadKey(ref rest), ReadKey(ref rest)),
            Snapshot = (flags & SnapshotFlag) == 0 ? null : Encoding.UTF8.GetString(ReadKey(ref rest) ?? throw Invalid()),
        };
        return rest.IsEmpty ? scan : throw Invalid();
    }

    private static IEnumerable<byte[]?> Bounds(RangeBounds bounds) => [bounds.Gt, bounds.Gte, bounds.Lt, bounds.Lte, bounds.Prefix];

    private static void WriteKey(ArrayBufferWriter<byte> token, byte[]? key)
    {
        WriteNumber(token, key is null ? 0 : (ulong)key.Length + 1);
        token.Write(key);
    }

    private static byte[]? ReadKey(ref ReadOnlySpan<byte> rest)
    {
        ulong length = ReadNumber(ref rest);
        if (length == 0)
        {
            return null;
        }

        if (length - 1 > (ulong)rest.Length)
        {
            throw Invalid();
        }

        byte[] key = rest[..(int)(length - 1)].ToArray();
        rest = rest[key.Length..];
        return key;
    }

    private static void WriteNumber(ArrayBufferWriter<byte> token, ulong number)
    {
        while (number >= 0x80)
        {
            token.Write([(byte)(number | 0x80)]);
            number >>= 7;
        }

        token.Write([(byte)number]);
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> rest)
    {
        ulong number = 0;
        for (int shift = 0; shift < 63 && !rest.IsEmpty; shift += 7)
        {
            byte next = rest[0];
            rest = rest[1..];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw Invalid();
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    private static RaveException Invalid() => new(
        ErrorCodes.InvalidContinuation,
        "The continuation token is damaged or was not made by this service. Start the scan again after the last key that you have.");
}
