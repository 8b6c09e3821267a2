using System.Text;
using Google.Protobuf;
using Rave.Etcd.Wire;
using Rave.Server.Storage;

namespace Rave.Etcd.Keys;

// The keys of a database in etcd: rave/<name>/d<key> for its entries, rave/<name>/s<session> for the last write of a session, and
// rave/<name>/m for the version of this format. An empty key, which etcd does not allow, is rave/<name>/d.
internal sealed class Keyspace
{
    private readonly byte[] _data;
    private readonly ByteString _dataEnd;
    private readonly string _sessions;

    internal Keyspace(string database)
    {
        string prefix = $"rave/{database}/";
        _data = Encoding.ASCII.GetBytes($"{prefix}d");
        _dataEnd = ByteString.CopyFromUtf8($"{prefix}e");
        _sessions = $"{prefix}s";
        Format = ByteString.CopyFromUtf8($"{prefix}m");
    }

    internal ByteString Format { get; }

    internal ByteString Session(string session) => ByteString.CopyFromUtf8(_sessions + session);

    internal ByteString Entry(ReadOnlySpan<byte> key)
    {
        byte[] whole = new byte[_data.Length + key.Length];
        _data.CopyTo(whole, 0);
        key.CopyTo(whole.AsSpan(_data.Length));
        return UnsafeByteOperations.UnsafeWrap(whole);
    }

    // The key without the prefix.
    internal ReadOnlySpan<byte> KeyOf(KeyValue entry) => entry.Key.Span[_data.Length..];

    // The entries of a range. etcd orders keys by bytes, as we do.
    internal RangeRequest Range(KeyRange range) => new() { Key = Start(range), RangeEnd = End(range) };

    internal ByteString Start(KeyRange range) => Entry(range.Start);

    internal ByteString End(KeyRange range) => range.End is null ? _dataEnd : Entry(range.End);
}
