using System.Buffers.Binary;
using System.Text;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// What became of a session's last write, as it is stored in the batch of that write. Numbers are little-endian:
//   format (1) · state (1) · n (8) · when, in seconds since 1970 (8), and then
//   state 1, applied: status (2) · ETag's text; state 2, a clear that is under way: what is left of its limit (8) · the last key deleted.
internal sealed record SessionRecord(long Number, DateTimeOffset Used, string? ETag, ClearPlace? Place)
{
    // Of every record in the reserved range, whatever it is about.
    internal const byte Format = 1;

    private const byte Applied = 1;
    private const byte UnderWay = 2;
    private const int Head = 2 + (2 * sizeof(long));

    // Every write that is applied is answered with this, so far.
    private const ushort Status = 204;

    private static readonly byte[] KeyPrefix = [.. ReservedKeys.Prefix, (byte)'s'];

    internal static byte[] KeyOf(string session) => [.. KeyPrefix, .. Encoding.ASCII.GetBytes(session)];

    // The session, where the key is one of ours.
    internal static string? SessionOf(ReadOnlySpan<byte> key) =>
        key.StartsWith(KeyPrefix) && Encoding.Latin1.GetString(key[KeyPrefix.Length..]) is { } session && IdempotencyKey.IsSession(session) ? session : null;

    // A record that a later version wrote says what this one must not lose, so the database is left alone.
    internal static void CheckFormat(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty || record[0] != Format)
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"The database holds records of format {(record.IsEmpty ? "none" : record[0])}; this version knows format {Format}. Open it with the newer version of RaveLevel that wrote them.");
        }
    }

    internal byte[] Encode()
    {
        byte[] rest = Place?.LastKey ?? Encoding.ASCII.GetBytes(ETag ?? "");
        byte[] record = new byte[Head + (Place is null ? sizeof(ushort) : sizeof(long)) + rest.Length];
        record[0] = Format;
        record[1] = Place is null ? Applied : UnderWay;
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(2), Number);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(2 + sizeof(long)), Used.ToUnixTimeSeconds());
        if (Place is null)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(Head), Status);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(Head), Place.Limit);
        }

        rest.CopyTo(record, record.Length - rest.Length);
        return record;
    }

    internal static SessionRecord Decode(ReadOnlySpan<byte> record)
    {
        CheckFormat(record);
        if (record.Length < Head + sizeof(ushort) || record[1] is not (Applied or UnderWay) || (record[1] == UnderWay && record.Length < Head + sizeof(long)))
        {
            throw new RaveException(ErrorCodes.Corruption, $"A session's record is damaged: {Convert.ToHexStringLower(record)} (hex).");
        }

        long number = BinaryPrimitives.ReadInt64LittleEndian(record[2..]);
        DateTimeOffset used = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(record[(2 + sizeof(long))..]));
        ReadOnlySpan<byte> rest = record[Head..];
        if (record[1] == UnderWay)
        {
            return new(number, used, null, new(rest[sizeof(long)..].ToArray(), BinaryPrimitives.ReadInt64LittleEndian(rest)));
        }

        string etag = Encoding.ASCII.GetString(rest[sizeof(ushort)..]);
        return new(number, used, etag.Length == 0 ? null : etag, null);
    }
}
