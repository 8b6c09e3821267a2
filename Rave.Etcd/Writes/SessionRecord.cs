using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace Rave.Etcd.Writes;

// The outcome of a session's last write. It is stored in the transaction of this write. Numbers are big-endian, so that etcd can compare
// records by their numbers:
//   n (8) · state (1), and then
//   state 1, applied: the text of the ETag; state 3, a running clear: the remaining limit (8) · the last deleted key.
// A session that has not written yet has an empty record, which is less than every number.
internal sealed record SessionRecord(long Number, SessionState State)
{
    private const int Head = sizeof(long) + 1;

    internal string? ETag { get; init; }

    // Of a running clear.
    internal long Limit { get; init; }

    internal byte[] LastKey { get; init; } = [];

    // Less than every record with this number, and greater than all records with lower numbers.
    internal static ByteString Before(long number)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    internal ByteString Encode()
    {
        byte[] rest = State == SessionState.UnderWay ? [.. Before(Limit).Span, .. LastKey] : Encoding.ASCII.GetBytes(ETag ?? "");
        return UnsafeByteOperations.UnsafeWrap((byte[])[.. Before(Number).Span, (byte)State, .. rest]);
    }

    // Null for the record of a session that has not written yet.
    internal static SessionRecord? Decode(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty)
        {
            return null;
        }

        SessionState state = record.Length < Head ? 0 : (SessionState)record[Head - 1];
        int minimum = state == SessionState.UnderWay ? Head + sizeof(long) : Head;
        if (state is < SessionState.Applied or > SessionState.UnderWay || record.Length < minimum)
        {
            throw new RaveException(
                ErrorCodes.Corruption,
                $"The record of a session is damaged, or a later version wrote it: {Convert.ToHexStringLower(record)} (hex).");
        }

        SessionRecord decoded = new(BinaryPrimitives.ReadInt64BigEndian(record), state);
        ReadOnlySpan<byte> rest = record[Head..];
        return state == SessionState.UnderWay
            ? decoded with { Limit = BinaryPrimitives.ReadInt64BigEndian(rest), LastKey = rest[sizeof(long)..].ToArray() }
            : decoded with { ETag = rest.IsEmpty ? null : Encoding.ASCII.GetString(rest) };
    }
}
