using System.Buffers;
using System.Buffers.Binary;
using Rave.Server.Protocol;
using Rave.Server.Storage;

namespace Rave.Server.Engine;

// The changes of one batch in one array. Each is a type, then a key and a value, each after its length.
internal sealed class ChangeBatch(byte[] packed, int count)
{
    // A change takes so many bytes more than its key and value.
    internal const int Framing = 1 + (2 * sizeof(int));

    // A batch takes about so many bytes more than its array.
    private const int Overhead = 100;

    internal int Count => count;

    internal long MemoryBytes => packed.Length + Overhead;

    internal static void Write(PooledBuffer packed, ChangeType type, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        packed.Write([(byte)type]);
        Write(packed, key);
        Write(packed, value);
    }

    // The change at the offset. Moves the offset to the next change.
    internal Change Read(scoped ref int offset)
    {
        ChangeType type = (ChangeType)packed[offset++];
        return new() { Type = type, Key = ReadBytes(ref offset), Value = ReadBytes(ref offset) };
    }

    internal bool PutsWithin(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        int offset = 0;
        for (int i = 0; i < count; i++)
        {
            Change change = Read(ref offset);
            if (change.Type == ChangeType.Put && change.Key.SequenceCompareTo(from) >= 0 && change.Key.SequenceCompareTo(to) <= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void Write(PooledBuffer packed, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(packed.GetSpan(sizeof(int)), bytes.Length);
        packed.Advance(sizeof(int));
        packed.Write(bytes);
    }

    private ReadOnlySpan<byte> ReadBytes(scoped ref int offset)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(offset));
        ReadOnlySpan<byte> bytes = packed.AsSpan(offset + sizeof(int), length);
        offset += sizeof(int) + length;
        return bytes;
    }
}
