using System.Buffers.Binary;
using System.Text;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// The result of a session's last write. It is stored in the same batch as the write. Numbers are little-endian:
//   format (1) · state (1) · number of the write (8) · time, in seconds since 1970 (8), and then
//   state 1, applied: status (2) · text of the ETag
//   state 2, a clear in progress: rest of its limit (8) · the last key deleted
internal sealed record SessionRecord(long Number, DateTimeOffset Used, string? ETag, ClearProgress? Progress)
{
    // All records in the reserved range begin with it.
    internal const byte Format = 1;

    private const byte Applied = 1;
    private const byte InProgress = 2;
    private const int Head = 2 + (2 * sizeof(long));

    // So far, the answer to every applied write.
    private const ushort Status = 204;

    private static readonly byte[] KeyPrefix = [.. ReservedKeys.Prefix, (byte)'s'];

    internal static byte[] KeyOf(string session) => [.. KeyPrefix, .. Encoding.ASCII.GetBytes(session)];

    // Null if the key is not that of a session record.
    internal static string? SessionOf(ReadOnlySpan<byte> key)
    {
        string? session = key.StartsWith(KeyPrefix) ? Encoding.Latin1.GetString(key[KeyPrefix.Length..]) : null;
        return session is not null && IdempotencyKey.IsSession(session) ? session : null;
    }

    // A record of a later version may hold data that this version would lose, so the database is not opened.
    internal static void CheckFormat(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty || record[0] != Format)
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"The database has records of format {(record.IsEmpty ? "none" : record[0])}, but this version only knows format {Format}. "
                + "Open it with the newer version of RaveLevel that wrote them.");
        }
    }

    internal byte[] Encode()
    {
        byte[] rest = Progress?.LastKey ?? Encoding.ASCII.GetBytes(ETag ?? "");
        byte[] record = new byte[Head + (Progress is null ? sizeof(ushort) : sizeof(long)) + rest.Length];
        record[0] = Format;
        record[1] = Progress is null ? Applied : InProgress;
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(2), Number);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(2 + sizeof(long)), Used.ToUnixTimeSeconds());
        if (Progress is null)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(Head), Status);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(Head), Progress.Limit);
        }

        rest.CopyTo(record, record.Length - rest.Length);
        return record;
    }

    internal static SessionRecord Decode(ReadOnlySpan<byte> record)
    {
        CheckFormat(record);
        int least = record.Length > 1 && record[1] == InProgress ? Head + sizeof(long) : Head + sizeof(ushort);
        if (record.Length < least || record[1] is not (Applied or InProgress))
        {
            string hex = Convert.ToHexStringLower(record);
            throw new RaveException(ErrorCodes.Corruption, $"The record of a session is damaged: {hex} (hex). Restore a backup.");
        }

        long number = BinaryPrimitives.ReadInt64LittleEndian(record[2..]);
        DateTimeOffset used = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(record[(2 + sizeof(long))..]));
        ReadOnlySpan<byte> rest = record[Head..];
        if (record[1] == InProgress)
        {
            return new(number, used, null, new(rest[sizeof(long)..].ToArray(), BinaryPrimitives.ReadInt64LittleEndian(rest)));
        }

        string etag = Encoding.ASCII.GetString(rest[sizeof(ushort)..]);
        return new(number, used, etag.Length == 0 ? null : etag, null);
    }
}
