using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Rave.Cli.Copy;

// The entries of one database, in order: how many there are, and their checksum. It is the SHA-256 of all keys and values, each after
// its length in four bytes, highest first. So no byte can move from a key into a value, or into the next entry, unnoticed.
internal sealed class Side : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal long Entries { get; private set; }

    internal long Bytes { get; private set; }

    internal string Checksum => Convert.ToHexStringLower(_hash.GetCurrentHash());

    internal void Add(byte[] key, byte[] value)
    {
        Entries++;
        Bytes += key.Length + value.Length;
        Append(key);
        Append(value);
    }

    public void Dispose() => _hash.Dispose();

    private void Append(byte[] bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }
}
